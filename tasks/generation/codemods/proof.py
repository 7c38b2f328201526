"""Which candidates make the failing tests pass."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from tasks.generation.trial import Variant, open_bench
from tasks.models import CandidatePatch, GenerationTask
from tasks.protocols import GeneratorTools

MAX_TRIALS = 40
PASSED_AND_NAMED = 0.85
PASSED_AND_HINTED = 0.75
PASSED_ONLY = 0.6
"""How likely a known repair that mends the failing tests is the right one, by what spoke for it before; hand-set."""


@dataclass(frozen=True)
class Proof:
    candidates: list[CandidatePatch]
    test_runs: int


def failing_tests(task: GenerationTask) -> tuple[str, ...]:
    return task.baseline.failing if task.baseline and task.baseline.failing else task.incident.failing_tests


def prove(task: GenerationTask, tools: GeneratorTools, candidates: Sequence[CandidatePatch], deadline: float) -> Proof:
    """The candidates that the failing tests pass with, and those that remove a named finding; surest first.

    Without failing tests nothing is run, and all candidates stay.
    """
    nodes = failing_tests(task)
    if not nodes or not candidates:
        return Proof(list(candidates), 0)
    tried = list(candidates[:MAX_TRIALS])
    with open_bench(task, tools) as bench:
        limit_s = max(deadline - time.monotonic(), 0.0)
        results = bench.run([Variant(candidate.edits, nodes) for candidate in tried], limit_s=limit_s)
        runs = bench.test_runs
    reported = {location.rule_id for location in task.incident.locations}
    kept = []
    for candidate, result in zip(tried, results, strict=True):
        if result.passes(nodes):
            kept.append(_proven(candidate))
        elif reported & set(candidate.resolves):
            doubts = (*candidate.suspicions, "the failing tests still fail")
            kept.append(candidate.model_copy(update={"suspicions": doubts}))
    return Proof(sorted(kept, key=lambda item: (bool(item.suspicions), -item.confidence)), runs)


def _proven(candidate: CandidatePatch) -> CandidatePatch:
    """What the tests prove needs no person to believe it."""
    if candidate.resolves:
        confidence = PASSED_AND_NAMED
    else:
        confidence = PASSED_AND_HINTED if candidate.confidence >= 0.2 else PASSED_ONLY
    return candidate.model_copy(update={"confidence": confidence, "suspicions": ()})
