"""Per-test coverage: in detail for failing tests, and how often passing ones ran the same lines."""

from __future__ import annotations

import json
import os
import time
import traceback
import types
from collections.abc import Callable
from typing import Any

import pytest

from .items import ItemRunner, Signature
from .time_limit import OutOfTime, cpu_limit
from .tracing import Recorder, tracer

_TEST_SECONDS = 3.0
_SIBLING_SECONDS = 0.1


def describe(code: types.CodeType, root: str) -> dict[str, Any]:
    name = getattr(code, "co_qualname", code.co_name)
    return {"path": os.path.relpath(code.co_filename, root), "line": code.co_firstlineno, "name": name}


class Writer:
    """JSON lines on a pipe; a code object is described once and named by number afterwards."""

    def __init__(self, descriptor: int, root: str) -> None:
        self._descriptor = descriptor
        self._root = root
        self._numbers: dict[types.CodeType, int] = {}

    def write(self, row: dict[str, Any]) -> None:
        raw = json.dumps(row).encode() + b"\n"
        while raw:
            raw = raw[os.write(self._descriptor, raw) :]

    def number(self, code: types.CodeType) -> int:
        if code not in self._numbers:
            self._numbers[code] = len(self._numbers)
            self.write({"code": self._numbers[code], **describe(code, self._root)})
        return self._numbers[code]


def _failure(error: BaseException, item: pytest.Item, root: str) -> dict[str, Any]:
    frames = [
        [os.path.relpath(frame.f_code.co_filename, root), line, frame.f_code.co_name]
        for frame, line in traceback.walk_tb(error.__traceback__)
        if frame.f_code.co_filename.startswith(root + os.sep)
    ]
    message = str(error)[:2000]
    signature = Signature(error, str(getattr(item, "path", item.fspath)))
    kinds = [kind.__name__ for kind in type(error).__mro__[:-1]]
    return {"type": signature.type, "kinds": kinds, "message": message, "line": signature.line, "frames": frames}


def trace_failing(items: list[Any], runner: ItemRunner, root: str, limit_s: float, descriptor: int) -> None:
    """One row a test: outcome, failure, lines, calls, types of locals."""
    writer = Writer(descriptor, root)
    recorder = Recorder(root, detailed=True)
    for item in items:
        recorder.begin_test()
        error, seconds = _timed(runner.run_by_protocol, item, tracer(recorder), limit_s)
        if isinstance(error, OutOfTime):
            # Where one test does not end, its siblings seldom do.
            limit_s = min(limit_s, _SIBLING_SECONDS)
        row: dict[str, Any] = {"test": item.nodeid, "seconds": seconds, "failure": None}
        if error is not None:
            row["failure"] = _failure(error, item, root)
        row["lines"] = [[writer.number(code), line] for code, line in recorder.lines]
        row["order"] = [[writer.number(code), place] for code, place in recorder.order.items()]
        row["locals"] = [
            [writer.number(code), {name: sorted(kinds) for name, kinds in found.items()}]
            for code, found in recorder.locals.items()
        ]
        writer.write(row)


def trace_passing(
    items: list[Any], runner: ItemRunner, root: str, only: set[types.CodeType], limit_s: float, descriptor: int
) -> None:
    """One row a test: whether it passed, its CPU seconds and the lines of `only` that it ran.

    Ends early when `limit_s` of CPU are spent.
    """
    writer = Writer(descriptor, root)
    recorder = Recorder(root, detailed=False, only=only)
    tracing = tracer(recorder)
    started = time.process_time()
    for item in items:
        if time.process_time() - started > limit_s:
            return
        recorder.begin_test()
        error, seconds = _timed(runner.run_by_protocol, item, tracing, _TEST_SECONDS)
        lines = [[writer.number(code), line] for code, line in recorder.lines]
        writer.write({"test": item.nodeid, "passed": error is None, "seconds": seconds, "lines": lines})


def _timed(run: Callable[[Any], Any], item: Any, tracing: Any, limit_s: float) -> tuple[BaseException | None, float]:
    started = time.process_time()
    tracing.start()
    error: BaseException | None
    try:
        with cpu_limit(limit_s):
            error = run(item)
    except OutOfTime as caught:
        error = caught
    finally:
        tracing.stop()
    return error, time.process_time() - started
