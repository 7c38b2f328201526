"""What the repository's own tests said when they failed: which test, where it crashed, what it expected."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tasks.analysis.assertions import describe_assertion
from tasks.context.stacktrace import parse_stack_traces
from tasks.models import ExceptionInfo, StackFrame, TestRun

_ASSERTIONS = frozenset({"AssertionError", "Failed"})
"""`Failed` is what `pytest.fail` and an unmet `pytest.raises` raise."""


@dataclass(frozen=True)
class TestFailure:
    """One failure that the output of a test run shows."""

    __test__ = False

    test: str
    """As the run names it; empty when the output does not tell which of them it was."""
    exceptions: tuple[ExceptionInfo, ...]
    """A chain, oldest first."""
    claim: str | None
    """What was expected and what came; None when the test crashed instead."""

    @property
    def crashed(self) -> bool:
        return self.exceptions[-1].type.rpartition(".")[2] not in _ASSERTIONS


def read_failures(baseline: TestRun | None) -> tuple[TestFailure, ...]:
    """The failures whose traceback is in the tail of the output, in its order."""
    if baseline is None or not (baseline.failed or baseline.errors):
        return ()
    chains = _chains(parse_stack_traces(baseline.output_tail))
    return tuple(TestFailure(_test_of(chain, baseline.failing), chain, _claim(chain[-1])) for chain in chains)


def _chains(exceptions: tuple[ExceptionInfo, ...]) -> Iterator[tuple[ExceptionInfo, ...]]:
    chain: list[ExceptionInfo] = []
    for exception in exceptions:
        chain.append(exception)
        if exception.relation == "raised":
            yield tuple(chain)
            chain = []
    if chain:
        yield tuple(chain)


def _claim(exception: ExceptionInfo) -> str | None:
    code = next((frame.code for frame in reversed(exception.frames) if frame.code), None)
    return describe_assertion(exception, code) if exception.type.rpartition(".")[2] in _ASSERTIONS else None


def _test_of(chain: tuple[ExceptionInfo, ...], failing: tuple[str, ...]) -> str:
    frames = [frame for exception in chain for frame in exception.frames]
    return next((test for frame in frames for test in failing if _is_frame_of(frame, test)), "")


def _is_frame_of(frame: StackFrame, test: str) -> bool:
    path, _, name = test.partition("::")
    if not name:
        return frame.path.endswith(path)
    function = (frame.function or "").rpartition(".")[2]
    return frame.path.endswith(path) and name.partition("[")[0].rpartition("::")[2] == function
