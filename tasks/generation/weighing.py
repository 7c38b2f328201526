"""What the failing tests say about candidates that all pass them."""

from __future__ import annotations

from collections.abc import Sequence

from tasks.models import CandidatePatch, GenerationTask, Technique

MOST_WEIGHT = 5
"""Tests beyond that are mostly variations of the same case."""
OWN_TEST_WEIGHT = 2.2
"""What a test of the repository's own adds to a crash template, whose confidence is that with a reproducing test alone.

A reproducing test seldom knows the right answer, a person's test does. Of eleven unseen crashes for which a patch was
offered, the right one stood first in six and among the patches in eight: odds of 8 : 3 against 6 : 5.
"""
HIGHEST = 0.95


def weighed(candidates: Sequence[CandidatePatch], task: GenerationTask) -> tuple[CandidatePatch, ...]:
    """The candidates with the weight of the tests that they mend: whose these are, and how many.

    A wrong patch that passes one failing test seldom passes several: among measured repairs whose only plausible
    candidate mended two test functions or more, six of six were right, against two of six that mended one. Each test
    function multiplies the odds once; parameters of one function are one test. Where several candidates without
    suspicions pass, the tests do not tell them apart, and nothing is added.
    """
    tests = {node.partition("[")[0] for node in (task.baseline.failing if task.baseline else ())}
    if tests and all(test.partition("::")[0] in task.repository.test_files for test in tests):
        candidates = [
            raised(candidate, OWN_TEST_WEIGHT) if candidate.technique is Technique.CRASH_TEMPLATE else candidate
            for candidate in candidates
        ]
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
