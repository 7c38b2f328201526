"""Faults at an API: authentication, rate limits, failing endpoints, responses that are not checked."""

from __future__ import annotations

from typing import ClassVar

from tasks.generation.base import BaseCodeGenerator
from tasks.models import Domain


class APICodeGenerator(BaseCodeGenerator):
    """All techniques: faults at an API are crashes as often as missing timeouts, checks and retries."""

    domain: ClassVar[Domain] = Domain.API
