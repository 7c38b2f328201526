"""What two runs of the same tests, before and after a change, say about it."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from tasks.models import TestEvidence, TestRun

_FIXTURE = re.compile(r"(?:setUp|tearDown)(?:Class|Module) \((?P<owner>[^)]+)\)")


def compare(before: TestRun, after: TestRun) -> TestEvidence:
    """Tests that the change mended and broke; a flaky test says nothing either way.

    Mended means seen to pass afterwards, not merely gone from the failures.
    """
    flaky = {*before.flaky, *after.flaky}
    failing_after = set(after.failing)
    fixed = [name for name in before.failing if name not in failing_after | flaky and _passes(name, after)]
    broken = [name for name in (*after.failing, *_lost(before, after)) if name not in {*before.failing, *flaky}]
    return TestEvidence(before=before, after=after, fixed_tests=tuple(fixed), broken_tests=tuple(broken))


def _lost(before: TestRun, after: TestRun) -> list[str]:
    """Tests that passed and then did not run at all: a change that skips or hides them breaks them."""
    if before.selection != after.selection or after.ended_by != "exit" or after.collection_errors:
        return []
    if not before.passing:
        missing = before.total - after.total
        return [f"({missing} tests that ran before)"] if missing > 0 else []
    seen = {*after.passing, *after.failing}
    return [name for name in before.passing if name not in seen]


def _passes(name: str, run: TestRun) -> bool:
    """Of a test: that it passed. Of what holds tests (a file, a fixture): that a test in it passed."""
    if name in set(run.passing):
        return True
    if not run.passing:
        return run.green  # the runner names failures only
    prefixes = _prefixes(name)
    return any(passing.startswith(prefixes) for passing in run.passing)


def _prefixes(name: str) -> tuple[str, ...]:
    if fixture := _FIXTURE.fullmatch(name):
        return (fixture["owner"] + ".",)
    if name.endswith("conftest.py"):
        folder = PurePosixPath(name).parent.as_posix()
        return ("",) if folder == "." else (folder + "/",)
    if "unittest.loader._FailedTest." in name:
        return (name.rpartition("_FailedTest.")[2] + ".",)
    return (name + "::", name + "/", name + "[")
