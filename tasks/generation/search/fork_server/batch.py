"""Many candidates in one fork: results go to shared memory, so that a child's death costs one candidate only."""

from __future__ import annotations

import mmap
import os
import signal
import struct
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from . import forks
from .channel import Channel
from .items import ItemRunner, Signature
from .swap import CannotSwap, Swapper, code_key

UNTRIED, RUNNING, FAILS, PASSES, BREAKS, TIMEOUT, UNSWAPPABLE, INVALID, DUPLICATE, PROGRESS = range(10)
NAMES = (
    "untried", "crash", "fails", "passes", "breaks", "timeout", "unswappable", "invalid", "duplicate", "progress",
)  # fmt: skip
_RECORD = struct.Struct("<BBHiq")
"""Status, failing tests that pass now, accidental raises, index of the test that broke, key of the code."""


class Watch:
    """Ends this process when one test takes more CPU than it may; the record then says so."""

    def __init__(self, on_timeout: Callable[[], object]) -> None:
        self._on_timeout = on_timeout
        signal.signal(signal.SIGPROF, self._expire)

    def _expire(self, number: int, frame: Any) -> None:
        self._on_timeout()
        os._exit(3)

    def arm(self, seconds: float) -> None:
        signal.setitimer(signal.ITIMER_PROF, seconds)


class Batch:
    """One request's candidates, tried in as many forks as it takes."""

    def __init__(self, request: dict[str, Any], tests: Tests, swapper: Swapper, seen: set[int]) -> None:
        self.request = request
        self.tests = tests
        self.swapper = swapper
        self.seen = seen
        self.candidates = request["candidates"]
        self.end = time.monotonic() + request["seconds"]
        self.memory = mmap.mmap(-1, _RECORD.size * (len(self.candidates) + 1))
        self._order_covering()
        for name, unit in request["units"].items():
            for function in swapper.functions_at(unit["path"], unit["line"], unit["name"]):
                seen.add(hash((name, code_key(function.__code__), False)))

    def run(self, channel: Channel, per_fork: int) -> tuple[list[list[Any]], int]:
        """Results in the order of the candidates, and how many a fork can take without disturbing one another."""
        position = 0
        while position < len(self.candidates) and time.monotonic() < self.end:
            last = min(position + per_fork, len(self.candidates))
            reached = self._run_fork(position, last, channel)
            if self._read(len(self.candidates))[0] == FAILS and last - position > 1:
                per_fork = max(1, (last - position) // 4)
                self.memory[position * _RECORD.size : last * _RECORD.size] = bytes((last - position) * _RECORD.size)
                continue
            self._remember(position, reached)
            position = reached
        return [self._result(index) for index in range(len(self.candidates))], per_fork

    def _remember(self, first: int, last: int) -> None:
        for index in range(first, last):
            status, _, _, broken, key = self._read(index)
            self.seen.add(key)
            if status == BREAKS:
                self.tests.kills[broken] += 1
        self._order_covering()

    def _order_covering(self) -> None:
        """The tests that turned away most candidates come first."""
        for numbers in self.request["covering"].values():
            numbers.sort(key=lambda number: -self.tests.kills[number])

    def _run_fork(self, first: int, last: int, channel: Channel) -> int:
        """Index of the first candidate that still has to be tried."""
        wall_s = self.request["wall_s"]
        self._write(len(self.candidates), status=UNTRIED)
        process, reading = forks.start(lambda _: self._try_all(first, last), channel, self.request["memory_bytes"])
        deadline = time.monotonic() + wall_s
        done = first
        while True:
            forks.read_until(reading, process, min(deadline, time.monotonic() + 1.0))
            reached = self._reached(done, last)
            if reached > done:
                done, deadline = reached, time.monotonic() + wall_s
            exited = os.waitid(os.P_PID, process, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
            if exited or time.monotonic() > min(deadline, self.end):
                break
        forks.end(process, reading)
        for index in range(first, last):
            status = self._read(index)[0]
            if status == RUNNING:
                return index + 1
            if status == UNTRIED:
                # A fork that died before it reached any candidate must not be repeated for ever.
                return index if index > first else last
        return last

    def _reached(self, start: int, last: int) -> int:
        index = start
        while index < last and self._read(index)[0] not in (UNTRIED, RUNNING):
            index += 1
        return index

    def _try_all(self, first: int, last: int) -> None:
        os.environ.pop("PYTEST_CURRENT_TEST", None)
        current = [first]
        watch = Watch(lambda: self._write(current[0], status=TIMEOUT))
        for index in range(first, last):
            current[0] = index
            self._write(index, status=RUNNING)
            if self._try_one(index, watch) == TIMEOUT:
                return
        clean = self._behaves_as_before(watch)
        self._write(len(self.candidates), status=PASSES if clean else FAILS)

    def _behaves_as_before(self, watch: Watch) -> bool:
        """Whether the first failing test still fails in the same way on the original code, after the candidates."""
        number = self.request["failing"][0]
        if self.tests.failures.get(number, ("",))[0] == "OutOfTime":
            return True
        error = self.tests.run(number, watch)
        return error is not None and self.tests.is_unchanged(number, error)

    def _try_one(self, index: int, watch: Watch) -> int:
        candidate = self.candidates[index]
        unit = self.request["units"][candidate["unit"]]
        try:
            code = self.swapper.compile(unit, candidate["source"])
        except (SyntaxError, ValueError, StopIteration, RecursionError):
            return self._write(index, status=INVALID)
        key = hash((candidate["unit"], code_key(code), candidate["defaults"]))
        if key in self.seen and not self.request["again"]:
            return self._write(index, status=DUPLICATE, key=key)
        self.seen.add(key)
        try:
            saved = self.swapper.apply(unit, code, candidate["source"] if candidate["defaults"] else None)
        except CannotSwap:
            return self._write(index, status=UNSWAPPABLE, key=key)
        try:
            return self._judge(index, candidate, watch, key)
        finally:
            self.swapper.restore(saved)
            self.swapper.clear_caches()

    def _judge(self, index: int, candidate: dict[str, Any], watch: Watch, key: int) -> int:
        mended = 0
        progress = False
        self.tests.accidents.count = 0
        for number in self.request["failing"]:
            error = self.tests.run(number, watch)
            if error is None:
                mended += 1
                continue
            if isinstance(error, MemoryError):
                return self._write(index, status=TIMEOUT, key=key)
            progress = progress or self.tests.got_further(number, error)
            if not self.request["count_all"]:
                break
        accidents = min(self.tests.accidents.count, 60000)
        if mended < len(self.request["failing"]):
            status = PROGRESS if mended or progress else FAILS
            return self._write(index, status=status, mended=mended, key=key)
        covering = self.request["covering"][candidate["unit"]]
        for number in covering:
            if self.tests.run(number, watch) is not None:
                return self._write(index, status=BREAKS, mended=mended, broken=number, key=key)
        return self._write(index, status=PASSES, mended=mended, accidents=accidents, key=key)

    def _write(
        self, index: int, status: int, mended: int = 0, accidents: int = 0, broken: int = -1, key: int = 0
    ) -> int:
        _RECORD.pack_into(self.memory, index * _RECORD.size, status, min(mended, 255), accidents, broken, key)
        return status

    def _read(self, index: int) -> tuple[Any, ...]:
        return _RECORD.unpack_from(self.memory, index * _RECORD.size)

    def _result(self, index: int) -> list[Any]:
        status, mended, accidents, broken, _ = self._read(index)
        return [NAMES[status], mended, accidents, broken]


class Tests:
    """The collected tests by number, with what is known of each on the unchanged code."""

    def __init__(self, items: list[Any], runner: ItemRunner, accidents: Any) -> None:
        self.items = items
        self.runner = runner
        self.accidents = accidents
        self.seconds: dict[int, float] = {}
        self.failures: dict[int, tuple[str, int]] = {}
        self.kills: Counter[int] = Counter()

    def run(self, number: int, watch: Watch) -> BaseException | None:
        watch.arm(max(0.1, 10 * self.seconds.get(number, 0.05)))
        try:
            return self.runner.run(self.items[number])
        finally:
            watch.arm(0)

    def is_unchanged(self, number: int, error: BaseException) -> bool:
        before = self.failures.get(number)
        now = self._signature(number, error)
        return before is None or before == (now.type, now.line)

    def _signature(self, number: int, error: BaseException) -> Signature:
        item = self.items[number]
        return Signature(error, str(getattr(item, "path", item.fspath)))

    def got_further(self, number: int, error: BaseException) -> bool:
        """Whether the test now fails at a later line of its own file than on the unchanged code."""
        before = self.failures.get(number)
        if before is None:
            return False
        return self._signature(number, error).line > before[1] > 0
