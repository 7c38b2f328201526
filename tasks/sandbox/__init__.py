"""Where strangers' code runs: isolated, bounded, and gone when it is over."""

from tasks.sandbox.choose import choose_sandbox

__all__ = ["choose_sandbox"]
