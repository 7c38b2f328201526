"""What all domain generators share: ask one technique after the other until a candidate convinces."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar

from tasks.generation.codemods import CodemodSource
from tasks.generation.crash import CrashTemplateSource
from tasks.generation.preparation import prepared_task
from tasks.generation.search import SearchSource
from tasks.generation.weighing import weighed
from tasks.models import (
    CandidatePatch,
    Domain,
    GenerationOutcome,
    GenerationTask,
    Incident,
    RepositoryContext,
    Strategy,
)
from tasks.protocols import CandidateSource, GeneratorTools, rejected_ids

CONVINCING = 0.5
"""A candidate at least this confident, and without suspicions, ends the attempt: later techniques cost more."""

TIME_SHARE = {"codemods": 0.25, "crash-templates": 0.5, "search": 1.0}
"""Share of the time then left that a technique may use, so that the last one is never starved."""

STRATEGY_ORDER: dict[str, tuple[str, ...]] = {
    Strategy.CODEMODS_FIRST: ("codemods", "crash-templates", "search"),
    Strategy.CRASH_TEMPLATES_FIRST: ("crash-templates", "codemods", "search"),
    Strategy.SEARCH_FIRST: ("search", "crash-templates", "codemods"),
}


class BaseCodeGenerator:
    """Turns a task into candidate patches, best first, with the techniques that suit its domain."""

    domain: ClassVar[Domain] = Domain.GENERAL
    techniques: ClassVar[tuple[type[CandidateSource], ...]] = (CodemodSource, CrashTemplateSource, SearchSource)

    def __init__(self, sources: Sequence[CandidateSource] | None = None) -> None:
        self.sources = tuple(sources) if sources is not None else tuple(technique() for technique in self.techniques)

    def ordered_sources(self, task: GenerationTask) -> tuple[CandidateSource, ...]:
        """The techniques in the order that the analysis chose; unknown names go last, as given."""
        order = STRATEGY_ORDER.get(task.analysis.strategy, STRATEGY_ORDER[Strategy.CODEMODS_FIRST])
        rank = {name: place for place, name in enumerate(order)}
        return tuple(sorted(self.sources, key=lambda source: rank.get(source.name, len(rank))))

    def generate(self, task: GenerationTask, tools: GeneratorTools) -> GenerationOutcome:
        """Candidates of every technique that was asked, merged; empty with notes when none found any."""
        deadline = time.monotonic() + task.time_limit_s
        outcomes: list[GenerationOutcome] = []
        for source in self.ordered_sources(task):
            left_s = deadline - time.monotonic()
            if left_s <= 0:
                break
            limited = task.model_copy(update={"time_limit_s": left_s * TIME_SHARE.get(source.name, 1.0)})
            tools.progress(f"trying {source.name} for up to {limited.time_limit_s:.0f} s")
            outcomes.append(source.propose(limited, tools))
            if any(is_convincing(candidate) for candidate in outcomes[-1].candidates):
                break
        return merge_outcomes(task, outcomes, generator=type(self).__name__)

    async def generate_code(
        self,
        issue_context: Incident | Mapping[str, object],
        repository_context: RepositoryContext | Mapping[str, object],
    ) -> dict[str, str]:
        """Path to new text for each file that the best candidate changes; empty when there is none.

        The candidate passed the tests that failed, but not the five levels: `CodeValidationPipeline` checks those.
        """
        with prepared_task(issue_context, repository_context) as (task, tools):
            outcome = self.generate(task, tools)
        if not outcome.candidates:
            return {}
        return {edit.path: edit.after for edit in outcome.candidates[0].edits if edit.after is not None}


def is_convincing(candidate: CandidatePatch) -> bool:
    return candidate.confidence >= CONVINCING and not candidate.suspicions


def merge_outcomes(task: GenerationTask, outcomes: Iterable[GenerationOutcome], *, generator: str) -> GenerationOutcome:
    """One outcome: duplicates and rejected candidates dropped, the unsuspicious and confident first."""
    outcomes = tuple(outcomes)
    turned_away = rejected_ids(task)
    unique: dict[str, CandidatePatch] = {}
    for candidate in (candidate for outcome in outcomes for candidate in outcome.candidates):
        if candidate.id not in turned_away:
            unique.setdefault(candidate.id, candidate.model_copy(update={"generator": generator}))
    weighty = weighed(tuple(unique.values()), task)
    ranked = sorted(weighty, key=lambda candidate: (bool(candidate.suspicions), -candidate.confidence))
    return GenerationOutcome(
        candidates=tuple(ranked[: task.max_candidates]),
        suspects=next((outcome.suspects for outcome in reversed(outcomes) if outcome.suspects), ()),
        candidates_tried=sum(outcome.candidates_tried for outcome in outcomes),
        test_runs=sum(outcome.test_runs for outcome in outcomes),
        techniques_tried=tuple(name for outcome in outcomes for name in outcome.techniques_tried),
        notes=tuple(note for outcome in outcomes for note in outcome.notes),
    )
