"""Every Prefect task of a run, in run order. Each is one call into the domain, off the event loop.

Retries and task timeouts live here and nowhere else. A timeout here is the last resort: it cannot end a thread, so
every stage also keeps limits of its own, and what it starts in the sandbox ends with them.
"""

from __future__ import annotations

import asyncio
import hashlib
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from logging import Logger, LoggerAdapter
from pathlib import Path
from typing import Any, TypeVar

from prefect import get_run_logger, task
from prefect.context import TaskRunContext
from prefect.runtime import flow_run
from pydantic import BaseModel

from analytics.collector import WorkflowMetricsCollector
from analytics.ledger import Ledger
from tasks.analysis.engine import WorkflowAnalysisEngine
from tasks.context.manager import WorkflowContextManager
from tasks.context.redaction import redacted_model
from tasks.errors import CancelledRunError
from tasks.generation.reproduction import Reproduction, write_reproducing_test
from tasks.generation.workflow import WorkflowCodeGenerator
from tasks.models import (
    Analysis,
    CandidatePatch,
    ContextBuild,
    GenerationOutcome,
    GenerationTask,
    Incident,
    Judgement,
    RemediationResult,
    RepositoryContext,
    TestRun,
)
from tasks.protocols import GeneratorTools, SandboxLimits
from tasks.sandbox import choose_sandbox
from tasks.settings import CodeGenerationSettings, Settings
from tasks.validation.configured import configured_engine
from tasks.validation.judgement import judge_candidates
from tasks.validation.test_suite import TestSuite

Result = TypeVar("Result")

READING_LIMIT_S = 300
TESTING_LIMIT_S = 1800
SEARCHING_LIMIT_S = 4 * 3600
"""Far beyond the limits that the stages keep themselves; reached only when one of those failed."""

TEST_LIMITS = SandboxLimits(wall_s=600.0, cpu_s=1200.0)
"""For one run of a repository's whole suite."""


def step_key(context: TaskRunContext, parameters: dict[str, object]) -> str:
    """Equal for the same step of the same flow run on the same input: a retried or resumed run goes on from it.

    The workspace is left out: a resumed run has a new one with the same content.
    """
    digest = hashlib.sha256(str(context.task_run.flow_run_id).encode())
    digest.update(context.task.task_key.encode())
    for name, value in sorted(parameters.items()):
        if isinstance(value, BaseModel):
            digest.update(f"{name}={value.model_dump_json(exclude={'workspace'})}".encode())
        elif not isinstance(value, Path):
            digest.update(f"{name}={value!r}".encode())
    return digest.hexdigest()


RESUMABLE: dict[str, Any] = {"cache_key_fn": step_key, "persist_result": True, "result_serializer": "json"}
"""Results are kept as JSON: pickles would return old shapes after an update, and run code."""


@dataclass(frozen=True)
class Progress:
    """A listener that writes to the log of the task run, and ends work in a thread once its run was cancelled."""

    stage: str
    logger: Logger | LoggerAdapter[Any]
    stopped: threading.Event = field(default_factory=threading.Event)

    def __call__(self, line: str) -> None:
        if self.stopped.is_set():
            raise CancelledRunError("the run was cancelled")
        self.logger.info(line, extra={"stage": self.stage})


def report(stage: str) -> Progress:
    return Progress(stage, get_run_logger())


async def in_thread(progress: Progress, work: Callable[[], Result]) -> Result:
    """The result of blocking work that calls `progress`; on cancellation the work ends at its next step forward."""
    try:
        return await asyncio.to_thread(work)
    except asyncio.CancelledError:
        progress.stopped.set()
        raise


def repository_tests(
    incident: Incident, workspace: Path, command: Sequence[str], python: str, section: CodeGenerationSettings
) -> TestSuite:
    sandbox = choose_sandbox(section.sandbox)
    environment = incident.environment
    return TestSuite(sandbox, workspace, command, python=python, environment=environment, limits=TEST_LIMITS)


def tools_for(section: CodeGenerationSettings, progress: Progress) -> GeneratorTools:
    return GeneratorTools(sandbox=choose_sandbox(section.sandbox), progress=progress, jobs=section.generation.processes)


@task(name="build context", retries=2, retry_delay_seconds=1, timeout_seconds=READING_LIMIT_S, **RESUMABLE)
async def build_context(
    incident: Incident, repository: str, facts: dict[str, object] | None, settings: Settings
) -> ContextBuild:
    """What the repository is and where the incident points in it."""
    manager = WorkflowContextManager(settings.home / "cache")
    context = await asyncio.to_thread(manager.build, incident, Path(repository), given=facts)
    report("context")(
        f"{len(context.source_files)} source and {len(context.test_files)} test files, "
        f"{len(context.recent_commits)} commits, {len(context.suspects)} suspects"
    )
    return ContextBuild(repository=context, cache_hits=manager.cache_hits, cache_lookups=manager.cache_lookups)


@task(name="run tests before", retries=1, timeout_seconds=TESTING_LIMIT_S, **RESUMABLE)
async def run_baseline(
    incident: Incident,
    context: RepositoryContext,
    workspace: Path,
    test_command: Sequence[str] | None,
    section: CodeGenerationSettings,
) -> TestRun | None:
    """The repository's own tests on the unchanged code; None when it has none."""
    command = tuple(test_command or incident.test_command or context.test_command or ())
    if not command:
        report("tests")("none found")
        return None
    suite = repository_tests(incident, workspace, command, context.python or sys.executable, section)
    run = await asyncio.to_thread(suite.run_twice_for_flaky)
    report("tests")(f"before: {run.passed} passed, {run.failed} failed, {run.errors} errors in {run.duration_s:.1f} s")
    return run


@task(name="analyse incident", retries=2, timeout_seconds=READING_LIMIT_S, **RESUMABLE)
async def analyse_incident(incident: Incident, context: RepositoryContext, baseline: TestRun | None) -> Analysis:
    """What kind of fault it is, where it most likely sits, and how to go about it."""
    analysis = await asyncio.to_thread(WorkflowAnalysisEngine().analyse, incident, context, baseline)
    report("analysis")(f"{analysis.root_cause} (confidence {analysis.confidence:.0%}, {analysis.strategy})")
    return analysis


@task(name="reproduce fault", timeout_seconds=TESTING_LIMIT_S, **RESUMABLE)
async def reproduce_fault(generation: GenerationTask, section: CodeGenerationSettings) -> Reproduction | None:
    """A new failing test written from the incident's stack trace, where no test of the repository fails."""
    fails = generation.incident.failing_tests or (generation.baseline and generation.baseline.failing)
    if fails or not generation.incident.exceptions:
        return None
    progress = report("reproduction")
    work = partial(write_reproducing_test, generation, tools_for(section, progress))
    reproduction = await in_thread(progress, work)
    progress(f"wrote {reproduction.edit.path}" if reproduction else "the fault could not be reproduced")
    return reproduction


@task(name="generate candidates", retries=1, timeout_seconds=SEARCHING_LIMIT_S, **RESUMABLE)
async def generate_candidates(
    generation: GenerationTask, attempt: int, section: CodeGenerationSettings
) -> GenerationOutcome:
    """Candidate patches, best first."""
    progress = report("generation")
    work = partial(WorkflowCodeGenerator().generate, generation, tools_for(section, progress))
    outcome = await in_thread(progress, work)
    progress(f"attempt {attempt}: {len(outcome.candidates)} of {outcome.candidates_tried} candidates hold")
    return outcome


@task(name="validate candidates", retries=1, timeout_seconds=TESTING_LIMIT_S, **RESUMABLE)
async def validate_candidates(
    generation: GenerationTask,
    candidates: Sequence[CandidatePatch],
    reproduction: Reproduction | None,
    section: CodeGenerationSettings,
) -> tuple[Judgement, ...]:
    """A verdict on each candidate, until one is fixed: policy, five levels, and the tests after it."""
    engine = configured_engine(section) if section.validation.enabled else None
    command, python = generation.test_command, generation.python
    suite = repository_tests(generation.incident, generation.workspace, command, python, section) if command else None
    new_tests = (reproduction.edit,) if reproduction else ()
    progress = report("validation")
    work = partial(judge_candidates, generation, candidates, engine, suite, new_tests=new_tests, progress=progress)
    return await in_thread(progress, work)


@task(name="record history", retries=3, retry_delay_seconds=1, timeout_seconds=READING_LIMIT_S, **RESUMABLE)
async def record_history(
    result: RemediationResult, context: RepositoryContext, judgements: Sequence[Judgement], settings: Settings
) -> None:
    """Append the run to the ledger under the result's history id, which a retry uses again; nothing without one."""
    if result.history_id is None:
        return
    collector = WorkflowMetricsCollector(Ledger(settings.home))
    record = partial(
        collector.record,
        redacted_model(result),
        repository=context,
        judgements=[redacted_model(judgement) for judgement in judgements],
        run_id=str(flow_run.id),
        history_id=result.history_id,
    )
    await asyncio.to_thread(record)
