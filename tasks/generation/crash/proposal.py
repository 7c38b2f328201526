"""What a template offers: an edit in words and splices, not yet tried."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from tasks.generation.crash.project import Project
from tasks.generation.crash.site import CrashSite
from tasks.generation.crash.source import SourceFile, Splice
from tasks.models import CandidatePatch, Technique
from tasks.patches import edit_file


@dataclass(frozen=True)
class Proposal:
    rule: str
    description: str
    changes: tuple[tuple[SourceFile, tuple[Splice, ...]], ...]
    confidence: float
    """0..1, before any test was run."""
    suspicions: tuple[str, ...] = ()

    def doubted(self, *reasons: str) -> Proposal:
        return replace(self, suspicions=(*self.suspicions, *reasons))


Template = Callable[[CrashSite], Iterable[Proposal]]


def change(
    rule: str, source: SourceFile, splices: Splice | Iterable[Splice], confidence: float, description: str
) -> Proposal:
    """A proposal that changes one file."""
    parts = (splices,) if isinstance(splices, Splice) else tuple(splices)
    return Proposal(rule, description, ((source, parts),), min(max(confidence, 0.02), 0.95))


def candidate_of(proposal: Proposal, project: Project) -> CandidatePatch | None:
    """The proposal as a patch; None when its result does not parse or changes nothing."""
    edits = []
    for source, splices in proposal.changes:
        after = source.apply(splices)
        if after == source.text:
            continue
        try:
            compile(after, source.path, "exec", dont_inherit=True)
        except (SyntaxError, ValueError):
            return None
        edits.append(edit_file(project.root, source.path, after))
    if not edits:
        return None
    return CandidatePatch(
        edits=tuple(edits),
        technique=Technique.CRASH_TEMPLATE,
        rule=proposal.rule,
        description=proposal.description,
        confidence=round(proposal.confidence, 3),
        suspicions=proposal.suspicions,
    )


def sorted_proposals(proposals: Iterable[Proposal]) -> Iterator[Proposal]:
    yield from sorted(proposals, key=lambda proposal: (bool(proposal.suspicions), -proposal.confidence))
