"""Variants of the workspace put to the test: each on a scratch copy, in the sandbox, the workspace untouched."""

from __future__ import annotations

import json
import os
import select
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from tasks.models import FileEdit, GenerationTask
from tasks.protocols import GeneratorTools, SandboxJob, SandboxLimits

_RUNNER = Path(__file__).with_name("trial_runner.py")
_NOT_COPIED = (".git", ".hg", ".venv", "venv", "node_modules", "__pycache__", ".mypy_cache", ".pytest_cache", ".tox")
_LEFT_OUT = ("cacheprovider", "randomly", "xdist", "xdist.looponfail", "pytest_cov", "hypothesispytest")
"""Plugins that only cost time here (half of what loading pytest takes) or that change the order of tests."""
_ARGUMENTS = ("-q", "--tb=no", *(part for name in _LEFT_OUT for part in ("-p", f"no:{name}")))
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


NOT_RUN = VariantResult({}, "not run")


class TrialBench:
    """A scratch copy of a task's workspace on which variants are tried; counts what it ran."""

    def __init__(self, task: GenerationTask, tools: GeneratorTools, root: Path) -> None:
        self._task = task
        self._tools = tools
        self._worker: _Worker | None = None
        self.root = root
        self.test_runs = 0

    def run(
        self, variants: Sequence[Variant], *, limit_s: float, variant_limit_s: float = 20.0, test_limit_s: float = 10.0
    ) -> list[VariantResult]:
        """One result for each variant, in order; those that `limit_s` left no time for say `not run`.

        Raises SandboxError when the sandbox cannot be set up, TestCommandError when the interpreter cannot start.
        """
        deadline = time.monotonic() + limit_s
        results: list[VariantResult] = []
        for variant in variants:
            left_s = deadline - time.monotonic()
            if left_s <= 0:
                break
            self.test_runs += 1
            job = _variant_job(variant, min(variant_limit_s, left_s), test_limit_s)
            results.append(self._ask(job, min(variant_limit_s, left_s)))
        return [*results, *(NOT_RUN for _ in range(len(variants) - len(results)))]

    def _ask(self, job: dict[str, Any], limit_s: float) -> VariantResult:
        if self._worker is None:
            self._worker = _Worker(self._tools.sandbox.start(self._sandbox_job()), self._job())
        answer = self._worker.ask(job, limit_s + _START_S)
        if answer is None:
            self.close()
            return NOT_RUN
        return _result(answer)

    def close(self) -> None:
        if self._worker is not None:
            self._worker.close()
            self._worker = None

    def _job(self) -> dict[str, Any]:
        source_root = self.root / "src"
        return {
            "root": str(self.root),
            "import_roots": [str(self.root), *([str(source_root)] if source_root.is_dir() else [])],
            "arguments": list(_ARGUMENTS),
        }

    def _sandbox_job(self) -> SandboxJob:
        runner = self.root / ".trial_runner.py"
        runner.write_bytes(_RUNNER.read_bytes())
        whole_s = 2 * self._task.time_limit_s + 120
        return SandboxJob(
            command=(self._task.python, str(runner)),
            cwd=self.root,
            writable=(self.root,),
            environment={"PYTHONDONTWRITEBYTECODE": "1", **self._task.incident.environment},
            limits=SandboxLimits(wall_s=whole_s, cpu_s=whole_s, output_bytes=256 * 1024**2),
        )


class _Worker:
    """The runner inside the sandbox, kept alive: pytest is loaded once."""

    def __init__(self, process: subprocess.Popen[bytes], job: dict[str, Any]) -> None:
        self._process = process
        self._pending = b""
        self._send(job)

    def _send(self, record: dict[str, Any]) -> bool:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(record).encode("utf-8") + b"\n")
            self._process.stdin.flush()
        except (BrokenPipeError, ValueError):
            return False
        return True

    def ask(self, record: dict[str, Any], limit_s: float) -> dict[str, Any] | None:
        """The answer to one variant; None when the runner ended or did not answer in time."""
        return self._answer(time.monotonic() + limit_s) if self._send(record) else None

    def _answer(self, deadline: float) -> dict[str, Any] | None:
        assert self._process.stdout is not None
        number = self._process.stdout.fileno()
        while b"\n" not in self._pending:
            left_s = deadline - time.monotonic()
            if left_s <= 0 or not select.select([number], [], [], left_s)[0]:
                return None
            part = os.read(number, 1 << 16)
            if not part:
                return None
            self._pending += part
        line, _, self._pending = self._pending.partition(b"\n")
        try:
            answer = json.loads(line)
        except ValueError:
            return None
        return answer if isinstance(answer, dict) else None

    def close(self) -> None:
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            if pipe is not None:
                with suppress(BrokenPipeError):
                    pipe.close()
        self._process.kill()
        self._process.wait()


@contextmanager
def open_bench(task: GenerationTask, tools: GeneratorTools) -> Iterator[TrialBench]:
    """A bench for as long as the block lasts; the scratch copy is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="mendflow-trial-") as folder:
        root = Path(folder).resolve() / "repository"
        shutil.copytree(task.workspace, root, symlinks=True, ignore=shutil.ignore_patterns(*_NOT_COPIED))
        bench = TrialBench(task, tools, root)
        try:
            yield bench
        finally:
            bench.close()


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
            tests[test["node"]] = TestOutcome(test["outcome"], observed_from(test.get("error")))
    return VariantResult(tests, record["ended"])


def observed_from(error: dict[str, Any] | None) -> Observed | None:
    """The exception that the runner described; None for none."""
    if error is None:
        return None
    frames = tuple(_frame(frame) for frame in error["frames"])
    return Observed(error["type"], error["message"], frames, tuple(error.get("bases", ())))


def _frame(record: dict[str, Any]) -> Frame:
    position = record.get("position") or []
    return Frame(
        path=record["path"],
        line=record["line"],
        function=record["function"],
        file=record["file"],
        position=tuple(position) if len(position) == 4 and None not in position else None,
        locals={name: (kind, text) for name, (kind, text) in record.get("locals", {}).items()},
    )
