"""Runs the search on one faulty workspace and judges what it offers against the human's fix.

A candidate is right when its file equals the human's after normalising (`ast.dump` without docstrings), or when both
behave alike on every probed input: arguments that the project's tests pass to the functions that either of them
changed, and variations of these. At least ten inputs must have been probed; anything else counts as wrong.
"""

from __future__ import annotations

import ast
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tasks.generation.search import SearchSource
from tasks.generation.search.budget import Budget
from tasks.generation.search.laboratory import Laboratory, open_laboratory
from tasks.generation.search.server import ServerLost
from tasks.generation.search.sources import SourceFile, Unit
from tasks.models import (
    Analysis,
    CandidatePatch,
    Complexity,
    Domain,
    GenerationTask,
    Incident,
    IssueType,
    RepositoryContext,
    Severity,
    TestRun,
)
from tasks.protocols import GeneratorTools
from tasks.sandbox.choose import choose_sandbox

_FEWEST_INPUTS = 10
_WALL_PER_CPU = 10.0
"""A loaded machine must not cut short what is bounded by CPU seconds."""
COMMAND = ("python", "-m", "pytest", "-o", "addopts=")


@dataclass
class Measured:
    """What the search did on one case."""

    name: str
    tried: int = 0
    cpu_s: float = 0.0
    wall_s: float = 0.0
    verdicts: list[str] = field(default_factory=list)
    """`same`, `equal` (behaviour), `different` or `unknown`, for each candidate offered."""
    confidences: list[float] = field(default_factory=list)
    doubts: list[tuple[str, ...]] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)
    features: list[object] = field(default_factory=list)
    place: int | None = None
    """Rank of the function that the human changed among the suspects, from 1."""
    notes: str = ""

    @property
    def plausible(self) -> bool:
        return bool(self.verdicts)

    def right_within(self, count: int) -> bool:
        return any(verdict in ("same", "equal") for verdict in self.verdicts[:count])


class _FeatureLog(logging.Handler):
    """Collects the features that the search logs for each choice."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.features: list[object] = []

    def emit(self, record: logging.LogRecord) -> None:
        if isinstance(record.args, tuple) and len(record.args) == 3:
            self.features.append(record.args[2])


def measure(
    name: str, root: Path, path: str, function: str, after: str, failing: Sequence[str], python: str, cpu_s: float
) -> Measured:
    """Search in the faulty workspace `root`; `after` is the text of `path` with the human's fix."""
    task = _task(root, failing, python, _WALL_PER_CPU * cpu_s)
    log = _FeatureLog()
    logger = logging.getLogger("tasks.generation.search.source")
    logger.setLevel(logging.DEBUG)
    logger.addHandler(log)
    spent: list[Budget] = []
    started = time.monotonic()
    try:
        outcome = SearchSource(cpu_limit_s=cpu_s, on_budget=spent.append).propose(
            task, GeneratorTools(choose_sandbox())
        )
    finally:
        logger.removeHandler(log)
    found = Measured(name, tried=outcome.candidates_tried, wall_s=time.monotonic() - started)
    found.cpu_s = spent[0].spent_cpu_s() if spent else 0.0
    found.notes = "; ".join(outcome.notes)
    found.features = log.features
    places = [suspect.path == path and suspect.function == function for suspect in outcome.suspects]
    found.place = places.index(True) + 1 if True in places else None
    found.confidences = [patch.confidence for patch in outcome.candidates]
    found.doubts = [patch.suspicions for patch in outcome.candidates]
    found.rules = [patch.rule for patch in outcome.candidates]
    found.verdicts = _verdicts(task, path, after, outcome.candidates)
    return found


def _task(root: Path, failing: Sequence[str], python: str, limit_s: float) -> GenerationTask:
    analysis = Analysis(
        issue_type=IssueType.LOGIC_ERROR,
        severity=Severity.MEDIUM,
        domain=Domain.GENERAL,
        complexity=Complexity.SIMPLE,
        root_cause="a test fails",
        strategy="search",
        strategy_reason="a test fails",
        confidence=0.5,
    )
    return GenerationTask(
        incident=Incident(id="benchmark", title="a test fails", failing_tests=tuple(failing)),
        repository=RepositoryContext(root=root),
        analysis=analysis,
        workspace=root,
        test_command=COMMAND,
        python=python,
        baseline=TestRun(command=COMMAND, failing=tuple(failing), failed=len(failing)),
        time_limit_s=limit_s,
    )


def _verdicts(task: GenerationTask, path: str, after: str, patches: Sequence[CandidatePatch]) -> list[str]:
    wanted = _normal(after)
    verdicts = ["same" if _is_same(patch, path, wanted) else "unknown" for patch in patches]
    if all(verdict == "same" for verdict in verdicts):
        return verdicts
    budget = Budget(600.0, 600.0)
    arguments = list(COMMAND[3:])
    try:
        with open_laboratory(choose_sandbox(), task.workspace, task.python, arguments, {}, 1, budget) as laboratory:
            failing = task.baseline.failing if task.baseline else ()
            laboratory.observe(failing)
            for index, patch in enumerate(patches):
                if verdicts[index] != "same":
                    verdicts[index] = _compare(task, laboratory, path, after, patch, failing)
    except ServerLost:
        pass
    return verdicts


def _compare(
    task: GenerationTask, laboratory: Laboratory, path: str, after: str, patch: CandidatePatch, failing: Sequence[str]
) -> str:
    human = _versions(SourceFile(path, *_parsed((task.workspace / path).read_text())), after)
    own = _versions(SourceFile(patch.edits[0].path, *_parsed(patch.edits[0].before or "")), patch.edits[0].after or "")
    if human is None or own is None:
        return "unknown"
    units = {unit.key: (unit, file) for unit, file, _ in (*human, *own)}
    covering = [name for unit, _ in units.values() for name in laboratory.covering(unit)]
    versions = [{unit.key: text for unit, _, text in side} for side in (human, own)]
    tests = [*dict.fromkeys([*failing, *covering[:200]])]
    seen = laboratory.probe(list(units.values()), versions, tests)
    if len(seen.marks) < 2 or None in seen.marks or seen.inputs < _FEWEST_INPUTS:
        return "unknown"
    return "equal" if seen.marks[0] == seen.marks[1] else "different"


def _parsed(text: str) -> tuple[str, ast.Module]:
    return text, ast.parse(text)


def _versions(before: SourceFile, after: str) -> list[tuple[Unit, SourceFile, str]] | None:
    """The functions that differ, with their new text; None when something else differs too."""
    changed = SourceFile(before.path, *_parsed(after))
    new = {unit.qualname: unit for unit in changed.units}
    if [u.qualname for u in before.units] != [u.qualname for u in changed.units]:
        return None
    found = []
    for unit in before.units:
        other = new[unit.qualname]
        if ast.dump(unit.node) != ast.dump(other.node):
            start, end = changed.unit_span(other)
            found.append((unit, before, after[start:end]))
    return found or None


def _is_same(patch: CandidatePatch, path: str, wanted: str) -> bool:
    edit = patch.edits[0]
    return len(patch.edits) == 1 and edit.path == path and _normal(edit.after or "") == wanted


def _normal(text: str) -> str:
    """The tree without bare constants, docstrings above all, and without positions."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Module) and body:
            code = [n for n in body if not (isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant))]
            node.body = code or body[:1]
    return ast.dump(tree)
