"""Vulnerabilities: injection, access control, encryption, unsafe input."""

from __future__ import annotations

from typing import ClassVar

from tasks.generation.base import BaseCodeGenerator
from tasks.generation.codemods import CodemodSource
from tasks.generation.search import SearchSource
from tasks.models import Domain
from tasks.protocols import CandidateSource


class SecurityCodeGenerator(BaseCodeGenerator):
    """No crash templates: making a vulnerable line crash less is no fix."""

    domain: ClassVar[Domain] = Domain.SECURITY
    techniques: ClassVar[tuple[type[CandidateSource], ...]] = (CodemodSource, SearchSource)
