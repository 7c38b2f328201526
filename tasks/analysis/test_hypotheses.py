"""Explanations that the repository's own failing tests support."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tasks.analysis.failures import TestFailure
from tasks.analysis.frame_hypotheses import from_frames
from tasks.context.display import one_line
from tasks.context.outline import Sources
from tasks.context.reach import Reach
from tasks.models import Evidence, Hypothesis, RepositoryContext, Suspect, TestRun

_CRASH_CONFIDENCE = 0.65
_REACHED_CONFIDENCE = 0.5
_MOST_CRASHES = 3
_MOST_REACHED = 5


def from_tests(
    repository: RepositoryContext, baseline: TestRun | None, failures: Sequence[TestFailure], sources: Sources
) -> Iterator[Hypothesis]:
    """Where failing tests crash inside the repository's sources, then what they exercise."""
    if baseline is None or not baseline.failing:
        return
    yield from _from_crashes(repository, failures, sources)
    yield from _from_reached(repository, baseline, failures, sources)


def _from_crashes(
    repository: RepositoryContext, failures: Sequence[TestFailure], sources: Sources
) -> Iterator[Hypothesis]:
    crashed = [failure for failure in failures if failure.crashed][:_MOST_CRASHES]
    for order, failure in enumerate(crashed):
        confidence = _CRASH_CONFIDENCE * 0.7**order
        for found in from_frames(failure.exceptions, repository, sources, confidence):
            if found.suspect is None or found.suspect.path in repository.test_files:
                continue
            seen = Evidence(kind="test", detail=f"{one_line(failure.test) or 'a test'} crashes here")
            statement = f"{found.statement}, as {one_line(failure.test) or 'a failing test'} shows"
            yield found.model_copy(update={"statement": statement, "evidence": (seen, *found.evidence)})


def _from_reached(
    repository: RepositoryContext, baseline: TestRun, failures: Sequence[TestFailure], sources: Sources
) -> Iterator[Hypothesis]:
    reach = Reach(repository, sources)
    shown = {failure.test: failure for failure in failures if failure.test}
    reached = {test: reach.of_test(test) for test in dict.fromkeys([*shown, *baseline.failing[:20]])}
    for suspect in repository.suspects[:_MOST_REACHED]:
        place = (suspect.path, suspect.function or "")
        tests = [test for test in reached if place in reached[test]]
        if tests:
            # The nearest test says most; among equals one whose words the output still holds.
            nearest = max(tests, key=lambda test: (reached[test][place], test in shown))
            yield _reached_hypothesis(suspect, nearest, shown.get(nearest), reached[nearest][place], len(tests))


def _reached_hypothesis(
    suspect: Suspect, test: str, failure: TestFailure | None, nearness: float, tests: int
) -> Hypothesis:
    where = f"{suspect.path}:{suspect.line}" if suspect.line else suspect.path
    verb = "exercises it" if nearness == 1.0 else "reaches it through other calls"
    said, test = _said(failure), one_line(test)
    evidence = [Evidence(kind="test", detail=f"{test} fails{said}")]
    if tests > 1:
        evidence.append(Evidence(kind="test", detail=f"{tests} failing tests reach it"))
    return Hypothesis(
        statement=f"the fault most likely lies in `{suspect.function}` in {where}: {test} {verb} and fails{said}",
        confidence=_REACHED_CONFIDENCE * suspect.score,
        evidence=(*evidence, *suspect.reasons[:5]),
        suspect=suspect,
    )


def _said(failure: TestFailure | None) -> str:
    """A clause that follows "fails"; empty when the output no longer holds the failure."""
    if failure is None:
        return ""
    if failure.claim:
        return f" because {failure.claim}"
    return f", raising {failure.exceptions[-1].type or 'an exception'}"
