"""Wasted time and memory: quadratic code, blocking calls, missing caches."""

from __future__ import annotations

from typing import ClassVar

from tasks.generation.base import BaseCodeGenerator
from tasks.generation.codemods import CodemodSource
from tasks.generation.search import SearchSource
from tasks.models import Domain
from tasks.protocols import CandidateSource


class PerformanceCodeGenerator(BaseCodeGenerator):
    """Codemods by default; search only helps where a test fails, and no template speeds anything up."""

    domain: ClassVar[Domain] = Domain.PERFORMANCE
    techniques: ClassVar[tuple[type[CandidateSource], ...]] = (CodemodSource, SearchSource)
