"""Choosing among plausible candidates: the smallest and most natural first, doubts said, confidence shown."""

from __future__ import annotations

from tasks.generation.search.search import Found, Plausible
from tasks.models import CandidatePatch, FileEdit, Technique


def choose(found: Found, rejected: frozenset[str], limit: int) -> list[CandidatePatch]:
    """The best of what was found as patches, best first, without those rejected before."""
    ordered = sorted(found.plausible, key=lambda item: -item.candidate.score)
    patches = [_patch(item, len(ordered)) for item in ordered]
    return [patch for patch in patches if patch.id not in rejected][:limit]


def _patch(item: Plausible, alternatives: int) -> CandidatePatch:
    candidate = item.candidate
    edit = FileEdit(
        path=candidate.file.path,
        before=candidate.file.text,
        after=candidate.text(),
        encoding=candidate.file.encoding,
    )
    where = candidate.unit.qualname if candidate.unit is not None else candidate.file.path
    return CandidatePatch(
        edits=(edit,),
        technique=Technique.SEARCH,
        rule=candidate.rule,
        description=f"{candidate.rule.replace('_', ' ')} in {where}, line {candidate.line}",
        generator="search",
        confidence=0.5 / alternatives,
    )
