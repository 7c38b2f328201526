"""Where the fault most likely sits: spectrum, traceback, the failing test's own calls and the suspects of analysis."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from tasks.generation.search.observations import Observations, Place
from tasks.generation.search.sources import SourceFile, Unit
from tasks.models import Evidence, Suspect

_TEST_FOLDERS = frozenset({"tests", "test", "testing"})


_WORD = re.compile(r"[A-Za-z]{4,}")


@dataclass(frozen=True)
class Hints:
    """What the text of the failing tests mentions."""

    names: set[str]
    words: set[str]
    titles: tuple[frozenset[str], ...]
    """The parts of each test's name."""


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
    seen: Observations, load: Callable[[str], SourceFile | None], suspects: Iterable[Suspect], hints: Hints
) -> list[RankedUnit]:
    """Functions that the failing tests ran, most suspicious first."""
    frames = _frame_weights(seen)
    given = _given_weights(suspects)
    ranked = []
    for path in sorted({path for path, _ in seen.functions}):
        file = None if is_test_path(path) else load(path)
        if file is None:
            continue
        for unit in file.units:
            found = _rank(unit, file, seen, frames, given, hints)
            if found is not None:
                ranked.append(found)
    return sorted(ranked, key=lambda item: -item.score)


def _rank(
    unit: Unit,
    file: SourceFile,
    seen: Observations,
    frames: dict[Place, float],
    given: dict[tuple[str, str | None], float],
    hints: Hints,
) -> RankedUnit | None:
    last = unit.node.end_lineno or unit.line
    body = range(unit.node.body[0].lineno, last + 1)
    lines = {line: _line_score((unit.path, line), seen, frames) for line in body if (unit.path, line) in seen.executed}
    if not lines:
        return None
    spectrum = max(ochiai(*_counts((unit.path, line), seen)) for line in lines)
    traceback = max((frames.get((unit.path, line), 0.0) for line in range(unit.line, last + 1)), default=0.0)
    told = max(given.get((unit.path, unit.qualname), 0.0), 0.4 * given.get((unit.path, None), 0.0))
    named = 1.0 if _is_mentioned(unit, hints.names) else 0.0
    told_by_text = _shared_words(unit, hints)
    late = max((seen.entered_late.get((unit.path, line), 0.0) for line in range(unit.line, last + 1)), default=0.0)
    score = spectrum + 0.45 * traceback + 0.35 * named + 0.5 * told + 0.15 * late + 0.3 * told_by_text
    if unit.node.name in ("__init__", "__repr__", "__str__", "__hash__") and not named:
        score *= 0.85
    reasons = [Evidence(kind="spectrum", detail=f"Ochiai {spectrum:.2f} over the tests", weight=min(1.0, spectrum))]
    if traceback:
        reasons.append(Evidence(kind="stack-frame", detail="in the traceback of a failing test", weight=traceback))
    if told_by_text:
        reasons.append(Evidence(kind="test", detail="shares words with the failing tests", weight=0.3 * told_by_text))
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


def _shared_words(unit: Unit, hints: Hints) -> float:
    """0..1: the function's name in a test's name, or its text constants in theirs."""
    name = {part for part in unit.node.name.split("_") if part}
    titled = 1.0 if name and any(name <= title for title in hints.titles) else 0.0
    texts = [n.value for n in ast.walk(unit.node) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    shared = {word for text in texts for word in _WORD.findall(text)} & hints.words
    return max(titled, min(1.0, len(shared) / 4))


def hints_of(tests: Iterable[ast.AST]) -> Hints:
    names: set[str] = set()
    words: set[str] = set()
    titles = []
    for test in tests:
        titles.append(frozenset(getattr(test, "name", "").split("_")))
        for node in ast.walk(test):
            if isinstance(node, ast.Name):
                names.add(node.id)
            elif isinstance(node, ast.Attribute):
                names.add(node.attr)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                words.update(_WORD.findall(node.value))
    return Hints(names, words, tuple(titles))


def with_modules(ranked: list[RankedUnit]) -> list[RankedUnit]:
    """The ranking with the assignments outside of functions that its first functions read, after these."""
    found = []
    for file in {item.file.path: item.file for item in ranked[:5]}.values():
        units = [item for item in ranked[:5] if item.file is file and item.unit is not None]
        read = {n.id for i in units if i.unit for n in ast.walk(i.unit.node) if isinstance(n, ast.Name)}
        read |= {n.attr for i in units if i.unit for n in ast.walk(i.unit.node) if isinstance(n, ast.Attribute)}
        blocks = [file.tree.body, *(n.body for n in file.tree.body if isinstance(n, ast.ClassDef))]
        lines = {
            line: 0.5
            for node in (node for block in blocks for node in block if isinstance(node, ast.Assign | ast.AnnAssign))
            if _bound_names(node) & read
            for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
        }
        if lines:
            found.append(RankedUnit(file, None, 0.5 * max(item.score for item in units), lines))
    return sorted([*ranked, *found], key=lambda item: -item.score)


def _bound_names(node: ast.Assign | ast.AnnAssign) -> set[str]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return {target.id for target in targets if isinstance(target, ast.Name)}


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
