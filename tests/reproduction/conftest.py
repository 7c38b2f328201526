"""Small services in a folder, with a task on them, and the real sandbox."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tasks.context.stacktrace import parse_stack_traces
from tasks.models import (
    Analysis,
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
from tasks.sandbox import choose_sandbox

TaskMaker = Callable[..., GenerationTask]


@pytest.fixture(scope="session")
def tools() -> GeneratorTools:
    return GeneratorTools(sandbox=choose_sandbox())


@pytest.fixture
def make_task(tmp_path: Path) -> TaskMaker:
    def make(
        files: Mapping[str, str], *, failing: tuple[str, ...] = (), trace: str = "", logs: str = ""
    ) -> GenerationTask:
        root = tmp_path.resolve() / "repository"
        for path, text in files.items():
            target = root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(textwrap.dedent(text).lstrip())
        return task_on(root, failing, textwrap.dedent(trace).strip(), logs)

    return make


def task_on(root: Path, failing: tuple[str, ...], trace: str, logs: str) -> GenerationTask:
    paths = sorted(path.relative_to(root).as_posix() for path in root.rglob("*.py"))
    tests = tuple(path for path in paths if path.startswith("test") or path == "conftest.py")
    incident = Incident(
        id="i1", title="crash", stack_trace=trace, logs=logs, exceptions=parse_stack_traces(trace) if trace else ()
    )
    analysis = Analysis(
        issue_type=IssueType.RUNTIME_ERROR,
        severity=Severity.HIGH,
        domain=Domain.GENERAL,
        complexity=Complexity.SIMPLE,
        root_cause="",
        strategy="crash-templates-first",
        strategy_reason="",
        confidence=0.5,
    )
    return GenerationTask(
        incident=incident,
        repository=RepositoryContext(
            root=root, source_files=tuple(path for path in paths if path not in tests), test_files=tests
        ),
        analysis=analysis,
        workspace=root,
        python=sys.executable,
        baseline=TestRun(command=("pytest",), failed=len(failing), failing=failing) if failing else None,
    )
