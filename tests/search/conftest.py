"""Small repositories with one fault, and the task that a generator gets for them."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

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
from tasks.sandbox.choose import choose_sandbox

TaskMaker = Callable[..., GenerationTask]


@pytest.fixture
def make_task(tmp_path: Path) -> TaskMaker:
    """Write files, and build the task whose failing tests are given."""

    def make(files: dict[str, str], failing: tuple[str, ...], time_limit_s: float = 30.0) -> GenerationTask:
        root = tmp_path / "repository"
        for path, text in files.items():
            target = root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)
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
            incident=Incident(id="i1", title="a test fails"),
            repository=RepositoryContext(root=root),
            analysis=analysis,
            workspace=root,
            test_command=("python", "-m", "pytest"),
            python=sys.executable,
            baseline=TestRun(command=("pytest",), failing=failing, failed=len(failing)),
            time_limit_s=time_limit_s,
        )

    return make


@pytest.fixture(scope="session")
def tools() -> GeneratorTools:
    return GeneratorTools(sandbox=choose_sandbox("auto"))
