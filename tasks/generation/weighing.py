"""What the failing tests say about candidates that all pass them."""

from __future__ import annotations

from collections.abc import Sequence

from tasks.models import CandidatePatch, GenerationTask

MOST_WEIGHT = 5
"""Tests beyond that are mostly variations of the same case."""
HIGHEST = 0.95


def weighed(candidates: Sequence[CandidatePatch], task: GenerationTask) -> tuple[CandidatePatch, ...]:
    """The candidates, a lone one more trusted the more different tests it mends.

    A wrong patch that passes one failing test seldom passes several: among measured repairs whose only plausible
    candidate mended two test functions or more, six of six were right, against two of six that mended one. Each test
    function multiplies the odds once; parameters of one function are one test. Where several candidates without
    suspicions pass, the tests do not tell them apart, and nothing is added.
    """
    tests = {node.partition("[")[0] for node in (task.baseline.failing if task.baseline else ())}
    trusted = [candidate for candidate in candidates if not candidate.suspicions]
    if len(trusted) != 1 or len(tests) < 2:
        return tuple(candidates)
    return tuple(
        raised(candidate, min(len(tests), MOST_WEIGHT)) if candidate is trusted[0] else candidate
        for candidate in candidates
    )


def raised(candidate: CandidatePatch, factor: float) -> CandidatePatch:
    """The candidate with its odds multiplied, its confidence never lowered."""
    odds = factor * candidate.confidence / max(1e-6, 1 - candidate.confidence)
    confidence = round(min(HIGHEST, odds / (1 + odds)), 3)
    return candidate.model_copy(update={"confidence": max(candidate.confidence, confidence)})
