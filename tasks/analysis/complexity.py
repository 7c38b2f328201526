"""How hard a fault looks."""

from __future__ import annotations

from radon.visitors import ComplexityVisitor

from tasks.context.outline import Sources
from tasks.models import Complexity, Evidence, RepositoryContext

_HEAVY_SHARE = 0.15
"""A suspect with at least this share of the belief is worth a look."""
_BRANCHY = 10
"""Cyclomatic complexity from which a function is hard to follow (McCabe's own limit)."""


def rate_complexity(repository: RepositoryContext) -> tuple[Complexity, tuple[Evidence, ...]]:
    """By how many places and files are suspected, and how branched the first of them is."""
    heavy = [suspect for suspect in repository.suspects if suspect.score >= _HEAVY_SHARE]
    files = {suspect.path for suspect in heavy}
    evidence = [Evidence(kind="name", detail=f"{len(heavy)} suspected places in {len(files)} files")]
    branches = _branches(repository)
    if branches:
        evidence.append(Evidence(kind="code", detail=f"cyclomatic complexity {branches} in the first of them"))
    if not heavy or len(files) > 2:
        return Complexity.COMPLEX, tuple(evidence)
    if len(files) == 2 or branches >= _BRANCHY:
        return Complexity.MODERATE, tuple(evidence)
    return Complexity.SIMPLE, tuple(evidence)


def _branches(repository: RepositoryContext) -> int:
    """Cyclomatic complexity of the first suspected function; 0 when there is none."""
    if not repository.suspects or repository.suspects[0].function is None:
        return 0
    outline = Sources(repository.root).outline(repository.suspects[0].path)
    spans = outline.functions_named(repository.suspects[0].function) if outline else ()
    if not spans:
        return 0
    visitor = ComplexityVisitor(no_assert=True)
    visitor.visit(spans[0].node)
    return max((block.complexity for block in visitor.functions), default=0)
