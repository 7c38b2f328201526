"""Where the fault most likely sits: spectrum, traceback, the failing test's own calls and the suspects of analysis."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from tasks.generation.search.observations import Observations, Place
from tasks.generation.search.sources import SourceFile, Unit
from tasks.models import Evidence, Suspect

_TEST_FOLDERS = frozenset({"tests", "test", "testing"})


@dataclass
class RankedUnit:
    """A function, or a module's own statements when `unit` is None, with the suspicion of each of its lines."""

    file: SourceFile
    unit: Unit | None
    score: float
    lines: dict[int, float] = field(default_factory=dict)
    reasons: tuple[Evidence, ...] = ()


def is_test_path(path: str) -> bool:
    parts = PurePosixPath(path).parts
    name = parts[-1]
    named = name.startswith("test_") or name.endswith("_test.py") or name in ("conftest.py", "setup.py", "tests.py")
    return named or any(part in _TEST_FOLDERS for part in parts[:-1])


def ochiai(failing_here: int, passing_here: int, failing: int) -> float:
    """Ochiai's coefficient: the share of failing tests that run a line, against all tests that run it."""
    return failing_here / math.sqrt(failing * (failing_here + passing_here)) if failing_here else 0.0


def rank_units(
    seen: Observations, load: Callable[[str], SourceFile | None], suspects: Iterable[Suspect], mentioned: set[str]
) -> list[RankedUnit]:
    """Functions that the failing tests ran, most suspicious first; `mentioned` are names in the failing tests' text."""
    frames = _frame_weights(seen)
    given = _given_weights(suspects)
    ranked = []
    for path in sorted({path for path, _ in seen.functions}):
        file = None if is_test_path(path) else load(path)
        if file is None:
            continue
        for unit in file.units:
            found = _rank(unit, file, seen, frames, given, mentioned)
            if found is not None:
                ranked.append(found)
    return sorted(ranked, key=lambda item: -item.score)


def _rank(
    unit: Unit,
    file: SourceFile,
    seen: Observations,
    frames: dict[Place, float],
    given: dict[tuple[str, str | None], float],
    mentioned: set[str],
) -> RankedUnit | None:
    last = unit.node.end_lineno or unit.line
    body = range(unit.node.body[0].lineno, last + 1)
    lines = {line: _line_score((unit.path, line), seen, frames) for line in body if (unit.path, line) in seen.executed}
    if not lines:
        return None
    spectrum = max(ochiai(*_counts((unit.path, line), seen)) for line in lines)
    traceback = max((frames.get((unit.path, line), 0.0) for line in range(unit.line, last + 1)), default=0.0)
    told = max(given.get((unit.path, unit.qualname), 0.0), 0.4 * given.get((unit.path, None), 0.0))
    named = 1.0 if _is_mentioned(unit, mentioned) else 0.0
    late = max((seen.entered_late.get((unit.path, line), 0.0) for line in range(unit.line, last + 1)), default=0.0)
    score = spectrum + 0.45 * traceback + 0.35 * named + 0.5 * told + 0.15 * late
    if unit.node.name in ("__init__", "__repr__", "__str__", "__hash__") and not named:
        score *= 0.85
    reasons = [Evidence(kind="spectrum", detail=f"Ochiai {spectrum:.2f} over the tests", weight=min(1.0, spectrum))]
    if traceback:
        reasons.append(Evidence(kind="stack-frame", detail="in the traceback of a failing test", weight=traceback))
    if named:
        reasons.append(Evidence(kind="test", detail="a failing test names it", weight=0.35))
    return RankedUnit(file, unit, score, lines, tuple(reasons))


def _counts(place: Place, seen: Observations) -> tuple[int, int, int]:
    return seen.executed.get(place, 0), seen.executed_passing.get(place, 0), len(seen.failures)


def _line_score(place: Place, seen: Observations, frames: dict[Place, float]) -> float:
    return ochiai(*_counts(place, seen)) + 0.5 * frames.get(place, 0.0)


def _frame_weights(seen: Observations) -> dict[Place, float]:
    """Lines of the tracebacks: the raising one counts fully, each caller above it less."""
    weights: dict[Place, float] = {}
    for failure in seen.failures:
        own = [(path, line) for path, line, _ in failure.frames if not is_test_path(path)]
        for depth, place in enumerate(reversed(own)):
            weights[place] = max(weights.get(place, 0.0), 0.7**depth)
    return weights


def _given_weights(suspects: Iterable[Suspect]) -> dict[tuple[str, str | None], float]:
    found: dict[tuple[str, str | None], float] = {}
    ordered = sorted(suspects, key=lambda suspect: -suspect.score)
    for rank, suspect in enumerate(ordered):
        for key in ((suspect.path, suspect.function), (suspect.path, None)):
            found[key] = max(found.get(key, 0.0), 1.0 / (1 + rank))
    return found


def _is_mentioned(unit: Unit, mentioned: set[str]) -> bool:
    name = unit.node.name
    if name == "__init__" or name == "__call__":
        return bool(unit.classes) and unit.classes[-1] in mentioned
    return name in mentioned


def mentioned_names(tests: Iterable[ast.AST]) -> set[str]:
    """Names and attributes that the failing tests' own code uses."""
    found: set[str] = set()
    for test in tests:
        for node in ast.walk(test):
            if isinstance(node, ast.Name):
                found.add(node.id)
            elif isinstance(node, ast.Attribute):
                found.add(node.attr)
    return found


def to_suspects(ranked: list[RankedUnit], limit: int = 10) -> tuple[Suspect, ...]:
    """The ranking as suspects whose scores sum to 1."""
    best = [item for item in ranked[:limit] if item.unit is not None]
    total = sum(item.score for item in best) or 1.0
    return tuple(
        Suspect(
            path=item.file.path,
            function=item.unit.qualname if item.unit else None,
            line=max(item.lines, key=lambda line: item.lines[line], default=None),
            score=item.score / total,
            reasons=item.reasons,
        )
        for item in best
    )
