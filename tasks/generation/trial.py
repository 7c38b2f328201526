"""Variants of the workspace put to the test: each on a scratch copy, in the sandbox, the workspace untouched."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from tasks.models import FileEdit, GenerationTask
from tasks.protocols import GeneratorTools, SandboxJob, SandboxLimits

_RUNNER = Path(__file__).with_name("trial_runner.py")
_NOT_COPIED = (".git", ".hg", ".venv", "venv", "node_modules", "__pycache__", ".mypy_cache", ".pytest_cache", ".tox")
_ARGUMENTS = ("-q", "--tb=no", "-p", "no:cacheprovider", "-p", "no:randomly", "-p", "no:cov")
_START_S = 20.0
"""For the interpreter, pytest and its plugins to load on a busy machine."""


@dataclass(frozen=True)
class Frame:
    """One frame of an observed exception."""

    path: str | None
    """Relative to the repository; None outside of it."""
    line: int
    function: str
    """Qualified on Python 3.11 and up, e.g. `Client.fetch.<locals>.parse`."""
    file: str = ""
    position: tuple[int, int, int, int] | None = None
    """Line, end line, column, end column of the expression that raised, in bytes as `ast` counts; None if unknown."""
    locals: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Name to type name and shortened `repr`; only inside the repository."""


@dataclass(frozen=True)
class Observed:
    """An exception that a test met."""

    type: str
    """Qualified but for builtins."""
    message: str
    frames: tuple[Frame, ...] = ()
    """Outermost first."""
    bases: tuple[str, ...] = ()
    """Names of its classes, its own first."""

    @property
    def name(self) -> str:
        return self.type.rsplit(".", 1)[-1]


@dataclass(frozen=True)
class TestOutcome:
    __test__ = False

    outcome: str
    """`passed`, `failed`, `skipped`, `error` (not collected) or `started` (ended by a limit)."""
    error: Observed | None = None


@dataclass(frozen=True)
class Variant:
    """The workspace with `edits`, and the tests to run on it; none means all."""

    edits: tuple[FileEdit, ...] = ()
    nodes: tuple[str, ...] = ()


@dataclass(frozen=True)
class VariantResult:
    tests: Mapping[str, TestOutcome]
    ended: str = "exit"
    """`exit`, `timeout`, or `not run` when the time was over before its turn."""

    def passes(self, nodes: Sequence[str]) -> bool:
        """Whether each of `nodes` ran and passed."""
        return bool(nodes) and all(node in self.tests and self.tests[node].outcome == "passed" for node in nodes)

    @cached_property
    def failing(self) -> frozenset[str]:
        return frozenset(node for node, test in self.tests.items() if test.outcome not in ("passed", "skipped"))


class TrialBench:
    """A scratch copy of a task's workspace on which variants are tried; counts what it ran."""

    def __init__(self, task: GenerationTask, tools: GeneratorTools, root: Path) -> None:
        self._task = task
        self._tools = tools
        self.root = root
        self.test_runs = 0

    def run(
        self, variants: Sequence[Variant], *, limit_s: float, variant_limit_s: float = 20.0, test_limit_s: float = 10.0
    ) -> list[VariantResult]:
        """One result for each variant, in order; those that `limit_s` left no time for say `not run`.

        Raises SandboxError when the sandbox cannot be set up, TestCommandError when the interpreter cannot start.
        """
        if not variants:
            return []
        job = {
            "root": str(self.root),
            "limit_s": limit_s,
            "import_roots": [str(self.root), *([str(self.root / "src")] if (self.root / "src").is_dir() else [])],
            "arguments": list(_ARGUMENTS),
            "variants": [_variant_job(variant, variant_limit_s, test_limit_s) for variant in variants],
        }
        run = self._tools.sandbox.run(self._sandbox_job(limit_s), stdin=json.dumps(job).encode("utf-8"))
        self.test_runs += len(variants)
        results = [_result(json.loads(line)) for line in run.stdout.splitlines() if line.startswith(b'{"tests"')]
        missing = len(variants) - len(results)
        return [*results, *(VariantResult({}, "not run") for _ in range(missing))]

    def _sandbox_job(self, limit_s: float) -> SandboxJob:
        runner = self.root / ".trial_runner.py"
        runner.write_bytes(_RUNNER.read_bytes())
        whole_s = limit_s + _START_S
        return SandboxJob(
            command=(self._task.python, str(runner)),
            cwd=self.root,
            writable=(self.root,),
            environment={"PYTHONDONTWRITEBYTECODE": "1", **self._task.incident.environment},
            limits=SandboxLimits(wall_s=whole_s, cpu_s=whole_s, output_bytes=64 * 1024**2),
        )


@contextmanager
def open_bench(task: GenerationTask, tools: GeneratorTools) -> Iterator[TrialBench]:
    """A bench for as long as the block lasts; the scratch copy is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="mendflow-trial-") as folder:
        root = Path(folder).resolve() / "repository"
        shutil.copytree(task.workspace, root, symlinks=True, ignore=shutil.ignore_patterns(*_NOT_COPIED))
        yield TrialBench(task, tools, root)


def _variant_job(variant: Variant, variant_limit_s: float, test_limit_s: float) -> dict[str, Any]:
    return {
        "files": {edit.path: edit.after for edit in variant.edits},
        "encodings": {edit.path: edit.encoding for edit in variant.edits},
        "nodes": list(variant.nodes),
        "limit_s": variant_limit_s,
        "test_limit_s": test_limit_s,
    }


def _result(record: dict[str, Any]) -> VariantResult:
    tests: dict[str, TestOutcome] = {}
    for test in record["tests"]:
        known = tests.get(test["node"])
        if known is None or known.outcome in ("started", "passed"):
            tests[test["node"]] = TestOutcome(test["outcome"], _observed(test.get("error")))
    return VariantResult(tests, record["ended"])


def _observed(error: dict[str, Any] | None) -> Observed | None:
    if error is None:
        return None
    frames = tuple(_frame(frame) for frame in error["frames"])
    return Observed(error["type"], error["message"], frames, tuple(error.get("bases", ())))


def _frame(record: dict[str, Any]) -> Frame:
    position = record.get("position")
    known = position is not None and None not in position
    return Frame(
        path=record["path"],
        line=record["line"],
        function=record["function"],
        file=record["file"],
        position=tuple(position) if known else None,
        locals={name: (kind, text) for name, (kind, text) in record.get("locals", {}).items()},
    )
