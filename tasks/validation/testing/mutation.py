"""How much the tests prove about a change: the share of small faults in its lines that they notice."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest
from pathlib import Path
from typing import Protocol

from tasks.models import TestRun
from tasks.patches import read_source
from tasks.validation.testing.coverage import ChangedLines
from tasks.validation.testing.mutants import Mutant, mutants_of


class RunsTests(Protocol):
    workspace: Path

    def run(self, selection: Sequence[str] = ()) -> TestRun: ...


@dataclass(frozen=True)
class MutationCheck:
    tried: int
    killed: int
    survivors: tuple[str, ...]
    """`path:line description` of each fault that no test noticed."""

    @property
    def share(self) -> float | None:
        """0..1; None when no mutant was tried."""
        return self.killed / self.tried if self.tried else None


def mutation_check(
    suite: RunsTests, changed: ChangedLines, after: TestRun, *, max_mutants: int = 12, time_limit_s: float = 60.0
) -> MutationCheck:
    """Put faults into `changed` one at a time and run the tests that passed in `after`, the run on the change itself.

    The workspace is left as it was. A survivor may also be a fault that changes nothing.
    """
    deadline = time.monotonic() + time_limit_s
    killed = 0
    survivors: list[str] = []
    for path, mutant in _spread(suite.workspace, changed):
        if killed + len(survivors) >= max_mutants or time.monotonic() >= deadline:
            break
        if _is_noticed(suite, path, mutant, after):
            killed += 1
        else:
            survivors.append(f"{path}:{mutant.line} {mutant.description}")
    return MutationCheck(killed + len(survivors), killed, tuple(survivors))


def _spread(workspace: Path, changed: ChangedLines) -> Iterator[tuple[str, Mutant]]:
    """Mutants of all files in turn, so that a limit does not cut a file off."""
    files = [
        [(path, mutant) for mutant in mutants_of(read_source(workspace / path)[0], set(lines))]
        for path, lines in changed.items()
        if path.endswith(".py") and (workspace / path).is_file()
    ]
    return (item for item in chain.from_iterable(zip_longest(*files)) if item is not None)


def _is_noticed(suite: RunsTests, path: str, mutant: Mutant, after: TestRun) -> bool:
    place = suite.workspace / path
    original = place.read_bytes()
    _, encoding = read_source(place)
    try:
        place.write_bytes(mutant.source.encode(encoding))
        run = suite.run(after.passing)
    finally:
        place.write_bytes(original)
    return bool(set(run.failing) - set(after.failing)) or run.ended_by != "exit"
