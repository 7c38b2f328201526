"""Handing over a fix: into the working tree, as a patch file, or as a branch."""

from tasks.delivery.local import Delivery, apply_to_repository, check_delivery, deliver

__all__ = ["Delivery", "apply_to_repository", "check_delivery", "deliver"]
