"""Requests on one collection: coverage, trials of candidates, behaviour on observed inputs."""

from __future__ import annotations

import gc
import json
import os
import time
import types
from collections.abc import Callable
from typing import Any

import pytest

from . import coverage, forks
from .accidents import Accidents
from .batch import Batch, Tests
from .channel import Channel
from .items import ItemRunner, Signature
from .probe import Probe
from .swap import Swapper
from .time_limit import OutOfTime, cpu_limit


class Collected:
    def __init__(self, session: pytest.Session, root: str, channel: Channel) -> None:
        self.root = root
        self.channel = channel
        self.runner = ItemRunner(session)
        accidents = Accidents(root)
        accidents.install()
        self.tests = Tests(session.items, self.runner, accidents)
        self.swapper = Swapper(root)
        self.seen: set[int] = set()
        self.per_fork = 120
        _make_base_folder(session.config)
        gc.collect()
        gc.freeze()

    def commands(self) -> dict[str, Callable[[dict[str, Any]], dict[str, Any]]]:
        return {
            "trace_failing": self.trace_failing,
            "trace_passing": self.trace_passing,
            "choose_protocol": self.choose_protocol,
            "try": self.try_candidates,
            "probe": self.probe,
        }

    def trace_failing(self, request: dict[str, Any]) -> dict[str, Any]:
        numbers = request["tests"]
        items = [self.tests.items[number] for number in numbers]
        limit_s = request["test_cpu_s"]
        rows = self._rows(lambda fd: coverage.trace_failing(items, self.runner, self.root, limit_s, fd), request)
        found = {row["test"]: row for row in rows if "test" in row}
        for number in numbers:
            row = found.get(self.tests.items[number].nodeid)
            if row is not None and row["failure"] is not None:
                self.tests.failures[number] = (row["failure"]["type"], row["failure"]["line"])
        self._choose_protocol(numbers, request)
        return {"rows": rows}

    def trace_passing(self, request: dict[str, Any]) -> dict[str, Any]:
        numbers = request["tests"]
        items = [self.tests.items[number] for number in numbers]
        only = self._codes({tuple(place) for place in request["only"]})
        rows = self._rows(
            lambda fd: coverage.trace_passing(items, self.runner, self.root, only, request["cpu_s"], fd), request
        )
        number_of = {self.tests.items[number].nodeid: number for number in numbers}
        for row in rows:
            if "test" in row:
                self.tests.seconds.setdefault(number_of[row["test"]], row["seconds"])
        return {"rows": rows}

    def choose_protocol(self, request: dict[str, Any]) -> dict[str, Any]:
        self._choose_protocol(request["tests"], request)
        return {}

    def try_candidates(self, request: dict[str, Any]) -> dict[str, Any]:
        batch = Batch(request, self.tests, self.swapper, self.seen)
        results, self.per_fork = batch.run(self.channel, self.per_fork)
        return {"results": results}

    def probe(self, request: dict[str, Any]) -> dict[str, Any]:
        probe = Probe(request, self.tests.items, self.runner, self.swapper)
        reply = forks.call(probe.run, request["seconds"], self.channel, request["memory_bytes"])
        return reply if reply is not None else {"observed": 0, "inputs": 0, "marks": []}

    def _rows(self, work: Callable[[int], None], request: dict[str, Any]) -> list[dict[str, Any]]:
        process, reading = forks.start(work, self.channel, request["memory_bytes"])
        raw = forks.read_until(reading, process, time.monotonic() + request["seconds"])
        forks.end(process, reading)
        lines = raw.split(b"\n")[:-1]
        return [json.loads(line) for line in lines]

    def _choose_protocol(self, numbers: list[int], request: dict[str, Any]) -> None:
        """Find the tests that end differently without the whole protocol, and time the direct runs."""

        def compare(descriptor: int) -> None:
            for number in numbers:
                if self.tests.failures.get(number, ("",))[0] == "OutOfTime":
                    os.write(descriptor, json.dumps([number, 0.0, *self.tests.failures[number]]).encode() + b"\n")
                    continue
                started = time.process_time()
                error: BaseException | None
                try:
                    with cpu_limit(3.0):
                        error = self.runner.run_directly(self.tests.items[number])
                except OutOfTime as caught:
                    error = caught
                row = [number, time.process_time() - started, *self._signature(number, error)]
                os.write(descriptor, json.dumps(row).encode() + b"\n")

        rows: list[Any] = self._rows(compare, request)
        for number, seconds, kind, line in rows:
            self.tests.seconds[number] = 0.01 if kind == "OutOfTime" else seconds
            if self.tests.failures.get(number, ("", 0)) != (kind, line):
                self.runner.faithful.add(self.tests.items[number].nodeid)

    def _signature(self, number: int, error: BaseException | None) -> tuple[str, int]:
        if error is None:
            return "", 0
        item = self.tests.items[number]
        signature = Signature(error, str(getattr(item, "path", item.fspath)))
        return signature.type, signature.line

    def _codes(self, places: set[tuple[Any, ...]]) -> set[types.CodeType]:
        """Code objects, inner ones too, that begin at the (path, line) pairs."""
        found = set()
        pending = [f.__code__ for group in self.swapper.all_functions() for f in group]
        while pending:
            code = pending.pop()
            pending += [value for value in code.co_consts if isinstance(value, types.CodeType)]
            if (os.path.relpath(code.co_filename, self.root), code.co_firstlineno) in places:
                found.add(code)
        return found


def _make_base_folder(config: pytest.Config) -> None:
    """Make pytest's temporary folder now, so that not every fork has to."""
    factory = getattr(config, "_tmp_path_factory", None)
    if factory is not None:
        factory.getbasetemp()
