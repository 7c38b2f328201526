"""The servers of one search and what they are asked: observe, try, confirm."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from tasks.generation.search.budget import Budget
from tasks.generation.search.candidates import Candidate
from tasks.generation.search.observations import Observations
from tasks.generation.search.server import ForkServer, ServerLost
from tasks.generation.search.sources import SourceFile, Unit
from tasks.generation.search.workspace import private_copy
from tasks.protocols import Sandbox

_PASSING_SHARE = 0.2
"""Of the time limit, for the coverage of passing tests."""
_NEAR_SECONDS = 12.0
_COVERING_SECONDS = 6.0
"""Of passing tests, timed under the tracer, that one candidate has to survive before it is confirmed."""


_PROBE_CPU_S = 3.0


@dataclass(frozen=True)
class Trial:
    status: str
    mended: int
    accidents: int


@dataclass
class Behaviour:
    """Outcomes as marks that are equal for equal outcomes: first those on observed arguments, then on variations."""

    observed: int
    inputs: int
    marks: list[tuple[str, ...] | None]
    """One tuple for each version; None for a version that could not be tried."""


@dataclass
class FreshRun:
    failing: frozenset[str]
    passed: frozenset[str]
    complete: bool
    crashed: bool


@dataclass
class Laboratory:
    """Start it with `open_laboratory`."""

    servers: list[ForkServer]
    start_fresh: Callable[[], ForkServer]
    tests: list[str]
    budget: Budget
    seen: Observations = field(default_factory=Observations)
    failing: list[int] = field(default_factory=list)
    usable: set[str] = field(default_factory=set)
    """Passing tests that may judge a candidate inside a fork."""
    breakers: list[str] = field(default_factory=list)
    """Tests that turned a candidate away only when everything was run."""
    test_runs: int = 0

    @cached_property
    def fresh(self) -> ForkServer:
        """The server that imports everything anew; many searches never need it."""
        return self.start_fresh()

    def observe(self, failing: Sequence[str]) -> None:
        """Coverage of the failing tests given, then of as many passing ones as the time allows."""
        number = {nodeid: index for index, nodeid in enumerate(self.tests)}
        wanted = [number[nodeid] for nodeid in failing if nodeid in number][:40]
        share_s = max(2.0, _PASSING_SHARE * self.budget.wall_s)
        limit_s = max(0.5, min(3.0, 0.03 * self.budget.cpu_s))
        rows = [
            self._ask(server, "trace_failing", 0.5 * self.budget.wall_s, tests=wanted, test_cpu_s=limit_s)
            for server in self.servers
        ]
        self.seen.add_failing(rows[0]["rows"])
        ending = sorted(self.seen.failures, key=lambda failure: failure.type == "OutOfTime")
        self.failing = [number[failure.test] for failure in ending]
        only = [list(place) for place in self.seen.functions]
        passing = self._passing_order(set(wanted))
        cpu_s = _PASSING_SHARE * self.budget.cpu_s
        self.seen.add_passing(
            self._ask(self.servers[0], "trace_passing", share_s, cpu_s=cpu_s, tests=passing, only=only)["rows"]
        )
        self.usable = self._near_tests()
        for server in self.servers:
            self._ask(server, "choose_protocol", share_s, tests=[number[name] for name in self.usable])
        self.test_runs += len(wanted) + self.seen.traced

    def _near_tests(self) -> set[str]:
        """Passing tests that run what the failing ones run, quickest first within a bound."""
        near = {name for names in self.seen.covering.values() for name in names}
        chosen: set[str] = set()
        seconds = 0.0
        for name in sorted(near, key=lambda name: self.seen.passing_seconds[name]):
            seconds += self.seen.passing_seconds[name]
            if seconds > _NEAR_SECONDS or len(chosen) >= 800:
                break
            chosen.add(name)
        return chosen

    def _passing_order(self, failing: set[int]) -> list[int]:
        """Tests of the failing tests' own files first, each in the order of the session."""
        near = {self.tests[index].split("::")[0] for index in failing}
        rest = [index for index in range(len(self.tests)) if index not in failing]
        return sorted(rest, key=lambda index: (self.tests[index].split("::")[0] not in near, index))

    def covering(self, unit: Unit) -> list[str]:
        """Passing tests that run the unit, quickest first, as many as a candidate can afford."""
        names = [name for name in self.seen.covering.get((unit.path, unit.line), []) if name in self.usable]
        chosen = [name for name in self.breakers if name not in names]
        seconds = 0.0
        for name in sorted(names, key=lambda name: self.seen.passing_seconds[name]):
            seconds += self.seen.passing_seconds[name]
            if seconds > _COVERING_SECONDS or len(chosen) >= 600:
                break
            chosen.append(name)
        return chosen

    def try_batch(self, candidates: Sequence[Candidate], server: ForkServer, again: bool = False) -> list[Trial]:
        """Swap each candidate in and run the failing tests, then the covering ones; `again` even if it ran before."""
        number = {nodeid: index for index, nodeid in enumerate(self.tests)}
        units = {c.unit.key: c for c in candidates if c.unit is not None}
        covering = {key: [number[n] for n in self.covering(c.unit)] for key, c in units.items() if c.unit}
        reply = self._ask(
            server,
            "try",
            max(1.0, self.budget.left_s()),
            units={key: _describe(c.unit, c.file) for key, c in units.items() if c.unit},
            candidates=[
                {"unit": c.unit.key, "source": c.unit_text(), "defaults": c.changes_defaults()}
                for c in candidates
                if c.unit is not None
            ],
            failing=self.failing[:12],
            covering=covering,
            again=again,
            count_all=len(self.failing) <= 4,
            wall_s=15.0,
        )
        return [Trial(status, mended, accidents) for status, mended, accidents, _ in reply["results"]]

    def probe(
        self, units: Sequence[tuple[Unit, SourceFile]], versions: Sequence[Mapping[str, str]], tests: Sequence[str]
    ) -> Behaviour:
        """What each version (unit key to source) does on the arguments that the tests pass to the units."""
        number = {nodeid: index for index, nodeid in enumerate(self.tests)}
        reply = self._ask(
            self.servers[0],
            "probe",
            8 * _PROBE_CPU_S,
            cpu_s=_PROBE_CPU_S,
            units={unit.key: _describe(unit, file) for unit, file in units},
            versions=[dict(version) for version in versions],
            tests=[number[name] for name in tests if name in number],
        )
        marks = [None if found is None else tuple(found) for found in reply["marks"]]
        return Behaviour(reply["observed"], reply["inputs"], marks)

    def run_fresh(
        self,
        files: Mapping[str, SourceFile],
        texts: Mapping[str, str],
        tests: Sequence[str],
        expected: Sequence[str] | None,
        seconds: float,
        left_out: Sequence[str] = (),
    ) -> FreshRun:
        """Tests (all when none is named) in a fork that imports everything anew, with some files replaced.

        It ends early when a test fails that is not `expected` to, unless that is None.
        """
        reply = self._ask(
            self.fresh,
            "run",
            seconds,
            files=dict(texts),
            encodings={path: files[path].encoding for path in texts},
            tests=list(tests),
            left_out=list(left_out),
            test_cpu_s=2.0 + 10 * max(self.seen.passing_seconds.values(), default=0.0),
            expected=None if expected is None else list(expected),
        )
        self.test_runs += 1
        return FreshRun(
            frozenset(reply["failing"]), frozenset(reply["passed"]), bool(reply["complete"]), bool(reply["crashed"])
        )

    def _ask(self, server: ForkServer, command: str, seconds: float, **fields: Any) -> dict[str, Any]:
        limit = max(0.5, min(seconds, self.budget.left_s()))
        return server.request(command, 2 * limit + 10.0, seconds=limit, **fields)


def _describe(unit: Unit, file: SourceFile) -> dict[str, Any]:
    return {
        "path": unit.path,
        "line": unit.line,
        "def_line": unit.node.lineno,
        "name": unit.node.name,
        "classes": unit.classes,
        "openings": list(unit.openings),
        "future_annotations": file.future_annotations,
    }


@contextlib.contextmanager
def open_laboratory(
    sandbox: Sandbox,
    workspace: Path,
    python: str,
    arguments: Sequence[str],
    environment: Mapping[str, str],
    jobs: int,
    budget: Budget,
) -> Iterator[Laboratory]:
    """Servers on private copies of the workspace; all are gone at the end. Raises ServerLost."""
    with contextlib.ExitStack() as stack:

        def start(mode: Any, selecting: Sequence[str]) -> ForkServer:
            copy = stack.enter_context(private_copy(workspace))
            limit = budget.wall_s + 60.0
            server = ForkServer(sandbox, copy, python, selecting, environment, mode, limit)
            return stack.enter_context(server)

        servers = [start("collected", arguments) for _ in range(max(1, jobs))]
        started = list(servers)
        budget.servers_cpu_s = lambda: sum(server.cpu_s for server in started)

        def start_fresh() -> ForkServer:
            fresh = start("fresh", arguments)
            started.append(fresh)
            fresh.collect(max(5.0, budget.left_s()))
            return fresh

        tests = [server.collect(max(5.0, budget.left_s())) for server in servers]
        if any(found != tests[0] for found in tests):
            raise ServerLost("two collections of the same tests differ")
        yield Laboratory(servers, start_fresh, tests[0], budget)
