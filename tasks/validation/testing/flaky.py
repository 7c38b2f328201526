"""Tests whose verdict changes without a change of the code."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tasks.models import TestRun

_MOST_TESTS = 20
"""With more failures than that, the code is at fault rather than the tests."""
_RERUNS = 2
_CHEAP_S = 20.0


def mark_flaky(run: TestRun, rerun: Callable[[Sequence[str]], TestRun]) -> TestRun:
    """`run` with `flaky` naming the failing tests that passed when they alone were run again.

    One that passes alone and fails among the others every time depends on their order; that is steady, not flaky.
    """
    suspects = [name for name in run.failing if name not in run.collection_errors]
    if not suspects or len(suspects) > _MOST_TESTS or run.incomplete:
        return run
    alone = [rerun(suspects) for _ in range(_RERUNS)]
    passed = [name for name in suspects if any(name in again.passing for again in alone)]
    always = [name for name in passed if all(name in again.passing for again in alone)]
    if always and run.duration_s <= _CHEAP_S and len(suspects) < (run.collected or 0):
        among_others = rerun(run.selection)
        passed = [name for name in passed if name not in always or name not in among_others.failing]
    return run.model_copy(update={"flaky": tuple(passed)})
