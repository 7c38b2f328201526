"""`python -m unittest`, which also says test by test what happened, one JSON line each, to MENDFLOW_RESULTS.

It runs inside the sandbox, in the interpreter of the repository under test (Python 3.7 and later). MENDFLOW_SELECTION
names a file with the ids to run; all are loaded as the command line says, then the others are left out.
"""

# ruff: noqa: PTH109, PTH123  # nothing more is imported into a stranger's tests than they need

from __future__ import annotations

import json
import os
import sys
import unittest
from collections.abc import Iterator
from typing import Any

# Found in the folder of this file, which is on the path of the tests alone.
import mendflow_line_trace  # type: ignore[import-not-found]

_PATH = os.environ.pop("MENDFLOW_RESULTS")
_SELECTION = os.environ.pop("MENDFLOW_SELECTION", None)
_PID = os.getpid()
_WORST_LAST = ["passed", "skipped", "failed", "error"]


def write(kind: str, **fields: Any) -> None:
    if os.getpid() != _PID:
        return
    with open(_PATH, "a", encoding="ascii") as stream:
        stream.write(json.dumps(dict(fields, kind=kind)) + "\n")


class StreamingResult(unittest.TextTestResult):
    """Writes a test's worst outcome when it stops; sub-tests count for their test."""

    def startTest(self, test: unittest.TestCase) -> None:
        self._outcome = "passed"
        write("start", id=test.id())
        super().startTest(test)

    def stopTest(self, test: unittest.TestCase) -> None:
        super().stopTest(test)
        self._write(test.id(), self._outcome)
        write("end", id=test.id())

    def addError(self, test: Any, err: Any) -> None:
        super().addError(test, err)
        if isinstance(test, unittest.TestCase):
            self._worsen("error")
        else:
            self._write(test.id(), "error")  # a class or module fixture, which is not started as a test is

    def addFailure(self, test: Any, err: Any) -> None:
        super().addFailure(test, err)
        self._worsen("failed")

    def addSubTest(self, test: Any, subtest: Any, err: Any) -> None:
        super().addSubTest(test, subtest, err)
        if err is not None:
            self._worsen("failed" if issubclass(err[0], test.failureException) else "error")

    def addSkip(self, test: Any, reason: str) -> None:
        super().addSkip(test, reason)
        if isinstance(test, unittest.TestCase):
            self._worsen("skipped")

    def addExpectedFailure(self, test: Any, err: Any) -> None:
        super().addExpectedFailure(test, err)
        self._worsen("skipped")

    def addUnexpectedSuccess(self, test: Any) -> None:
        super().addUnexpectedSuccess(test)
        self._worsen("failed")

    def _worsen(self, outcome: str) -> None:
        self._outcome = max(getattr(self, "_outcome", "passed"), outcome, key=_WORST_LAST.index)

    def _write(self, name: str, outcome: str) -> None:
        when = "setup" if outcome == "error" else "call"
        write("result", id=name, when=when, outcome="failed" if outcome == "error" else outcome, xfail=False)


class StreamingRunner(unittest.TextTestRunner):
    resultclass: Any = StreamingResult

    def run(self, test: Any) -> Any:
        tests = list(_flatten(test))
        chosen = _selection()
        if chosen is not None:
            tests = [case for case in tests if case.id() in chosen]
        for case in tests:
            if type(case).__name__ == "_FailedTest":
                write("uncollected", id=case.id())
        write("collected", ids=[case.id() for case in tests])
        return super().run(unittest.TestSuite(tests))


class _Canary(unittest.TestCase):
    def runTest(self) -> None:
        self.fail("canary")


def _failures_are_seen() -> bool:
    result = unittest.TestResult()
    _Canary().run(result)
    return bool(result.failures)


def _selection() -> set[str] | None:
    if _SELECTION is None:
        return None
    with open(_SELECTION, encoding="utf-8") as stream:
        return set(json.load(stream))


def _flatten(suite: Any) -> Iterator[Any]:
    for part in suite:
        if isinstance(part, unittest.TestSuite):
            yield from _flatten(part)
        else:
            yield part


def main() -> None:
    sys.path[0] = os.getcwd()
    write("session")
    mendflow_line_trace.start()
    arguments = ["python -m unittest", *sys.argv[1:]]
    program = unittest.main(module=None, argv=arguments, testRunner=StreamingRunner, exit=False)
    code = 0 if program.result.wasSuccessful() else 1
    write("covered", lines=mendflow_line_trace.covered())
    write("finish", exit=code, honest=_failures_are_seen())
    sys.exit(code)


if __name__ == "__main__":
    main()
