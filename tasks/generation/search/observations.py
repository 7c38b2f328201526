"""What the traced runs showed, as numbers that localization can use."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

Place = tuple[str, int]
"""Path and line."""


@dataclass
class Failure:
    """How one failing test ended on the unchanged code."""

    test: str
    type: str
    kinds: tuple[str, ...]
    message: str
    line: int
    frames: tuple[tuple[str, int, str], ...]
    """Path, line and function, outermost first, inside the repository only."""


@dataclass
class Observations:
    failures: list[Failure] = field(default_factory=list)
    failing_seconds: float = 0.0
    passing_seconds: dict[str, float] = field(default_factory=dict)
    executed: dict[Place, int] = field(default_factory=dict)
    """Line to the number of failing tests that ran it."""
    executed_passing: dict[Place, int] = field(default_factory=dict)
    functions: dict[Place, str] = field(default_factory=dict)
    """Path and first line of every function that a failing test entered, with its name."""
    entered_late: dict[Place, float] = field(default_factory=dict)
    """0..1, how far into the failing run a function was first entered."""
    types: dict[Place, dict[str, frozenset[str]]] = field(default_factory=dict)
    covering: dict[Place, list[str]] = field(default_factory=dict)
    """Function, by path and first line, to the passing tests that run it."""
    traced: int = 0
    """Passing tests whose coverage is known."""

    def add_failing(self, rows: Iterable[dict[str, Any]]) -> None:
        places: dict[int, Place] = {}
        for row in rows:
            if "code" in row:
                places[row["code"]] = (row["path"], row["line"])
                self.functions[row["path"], row["line"]] = row["name"]
            elif row["failure"] is not None:
                self._add_failure(row, places)

    def _add_failure(self, row: dict[str, Any], places: dict[int, Place]) -> None:
        found = row["failure"]
        frames = tuple((path, line, name) for path, line, name in found["frames"])
        kinds = tuple(found["kinds"])
        self.failures.append(Failure(row["test"], found["type"], kinds, found["message"], found["line"], frames))
        self.failing_seconds += row["seconds"]
        for number, line in row["lines"]:
            place = (places[number][0], line)
            self.executed[place] = self.executed.get(place, 0) + 1
        for number, order in row["order"]:
            late = (order + 1) / len(row["order"])
            self.entered_late[places[number]] = max(late, self.entered_late.get(places[number], 0.0))
        for number, found_types in row["locals"]:
            known = self.types.setdefault(places[number], {})
            for name, kinds_seen in found_types.items():
                known[name] = known.get(name, frozenset()) | frozenset(kinds_seen)

    def add_passing(self, rows: Iterable[dict[str, Any]]) -> None:
        places: dict[int, Place] = {}
        for row in rows:
            if "code" in row:
                places[row["code"]] = (row["path"], row["line"])
            elif row["passed"]:
                self.traced += 1
                self.passing_seconds[row["test"]] = row["seconds"]
                for number, line in row["lines"]:
                    place = (places[number][0], line)
                    self.executed_passing[place] = self.executed_passing.get(place, 0) + 1
                for number in {number for number, _ in row["lines"]}:
                    self.covering.setdefault(places[number], []).append(row["test"])
