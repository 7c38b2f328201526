"""From the plain dictionaries of a caller to a generation task, for a generator that is used on its own."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tasks.analysis.engine import WorkflowAnalysisEngine
from tasks.context.incident import incident_from_context
from tasks.context.manager import WorkflowContextManager
from tasks.errors import RepositoryError
from tasks.generation.trial import Variant, open_bench
from tasks.models import GenerationTask, Incident, RepositoryContext, TestRun
from tasks.protocols import GeneratorTools
from tasks.sandbox import choose_sandbox
from tasks.sandbox.workspace import open_workspace

BASELINE_LIMIT_S = 300.0


@contextmanager
def prepared_task(
    issue_context: Incident | Mapping[str, object], repository_context: RepositoryContext | Mapping[str, object]
) -> Iterator[tuple[GenerationTask, GeneratorTools]]:
    """A task on a throw-away copy of the repository, with its tests run once; the copy is gone afterwards.

    Raises IncidentError or RepositoryError when a context lacks what it needs, such as the repository's `path`.
    """
    incident = issue_context if isinstance(issue_context, Incident) else incident_from_context(issue_context)
    repository = (
        repository_context
        if isinstance(repository_context, RepositoryContext)
        else WorkflowContextManager(None).build(incident, repository_path(repository_context), given=repository_context)
    )
    tools = GeneratorTools(sandbox=choose_sandbox())
    with open_workspace(repository.root) as workspace:
        task = GenerationTask(
            incident=incident,
            repository=repository,
            analysis=WorkflowAnalysisEngine().analyse(incident, repository),
            workspace=workspace.path,
            test_command=incident.test_command or repository.test_command,
            python=repository.python or sys.executable,
        )
        baseline = tried_once(task, tools)
        analysis = WorkflowAnalysisEngine().analyse(incident, repository, baseline)
        yield task.model_copy(update={"baseline": baseline, "analysis": analysis}), tools


def tried_once(task: GenerationTask, tools: GeneratorTools) -> TestRun | None:
    """All tests on the unchanged workspace; None where there are none to run."""
    if task.test_command is None:
        return None
    with open_bench(task, tools) as bench:
        result = bench.run([Variant()], limit_s=BASELINE_LIMIT_S, variant_limit_s=BASELINE_LIMIT_S)[0]
    passed = sum(test.outcome == "passed" for test in result.tests.values())
    failing = tuple(sorted(result.failing))
    return TestRun(command=task.test_command, passed=passed, failed=len(failing), failing=failing)


def repository_path(context: Mapping[str, object]) -> Path:
    """The folder that a caller's `repository_context` names."""
    path = context.get("path")
    if not isinstance(path, str | Path):
        raise RepositoryError("repository_context needs 'path', the folder of the repository")
    return Path(path)
