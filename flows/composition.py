"""The joints between the steps: plain functions that turn what one step found into what the next one needs."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from prefect.runtime import flow_run

from analytics.collector import PerformanceMonitor
from analytics.ids import uuid7
from blocks.configuration import MendflowConfiguration
from tasks.errors import InputError, RefusedError
from tasks.generation.reproduction import Reproduction
from tasks.models import (
    Alternative,
    Analysis,
    ContextBuild,
    FileEdit,
    GenerationOutcome,
    GenerationTask,
    Incident,
    Judgement,
    RemediationResult,
    RepositoryContext,
    RunMetrics,
    Status,
    TestEvidence,
    TestRun,
)
from tasks.patches import apply_edits, unified_diff
from tasks.settings import CodeGenerationSettings, Settings, load_settings

Engine = Literal["auto", "embedded", "model"]

RANK = {Status.FIXED: 0, Status.PLAUSIBLE: 1, Status.UNFIXED: 2}
HIDDEN = "[hidden]"
"""In place of the values of an incident's environment, which may be secrets."""
LEAST_TIME_S = 1.0
"""A later attempt gets at least this much, so that a spent limit ends in an answer, not in an error."""


def run_name() -> str:
    """How the run is listed in the Prefect UI: the incident's title, cut to a line."""
    incident = flow_run.parameters["incident"]
    title = incident["title"] if isinstance(incident, dict) else incident.title
    return " ".join(str(title).split())[:80]


def run_tags(incident: Incident) -> tuple[str, ...]:
    tags = [f"severity:{incident.severity}", f"source:{incident.source}"]
    return (*tags, f"service:{incident.service}") if incident.service else tuple(tags)


async def run_settings(configuration: str | None, *, engine: Engine | None, time_limit_s: float | None) -> Settings:
    """The settings of the named block, else of the configured file, with what this run overrides.

    Raises RefusedError when remediation is switched off, InputError for an engine that is not configured.
    """
    settings = await block_settings(configuration) if configuration else load_settings()
    section = settings.unified_code_generation
    if not section.enabled:
        raise RefusedError("remediation is switched off: `unified_code_generation.enabled` is false")
    changes = {"engine": engine or section.engine, "time_limit_s": time_limit_s or section.time_limit_s}
    if changes["engine"] == "model":
        raise InputError("no language model is configured for --engine model; use auto or embedded")
    return settings.model_copy(update={"unified_code_generation": section.model_copy(update=changes)})


async def block_settings(name: str) -> Settings:
    block: object = await MendflowConfiguration.aload(name)
    if not isinstance(block, MendflowConfiguration):
        raise InputError(f"block {name!r} is no mendflow configuration")
    return block.settings()


def generation_task(
    incident: Incident,
    context: RepositoryContext,
    analysis: Analysis,
    workspace: Path,
    baseline: TestRun | None,
    section: CodeGenerationSettings,
) -> GenerationTask:
    return GenerationTask(
        incident=incident,
        repository=context,
        analysis=analysis,
        workspace=workspace,
        test_command=baseline.command if baseline else None,
        python=context.python or sys.executable,
        baseline=baseline,
        time_limit_s=section.time_limit_s,
    )


def with_reproduction(task: GenerationTask, reproduction: Reproduction | None) -> GenerationTask:
    """The task with the reproducing test in its workspace, counted among the failing tests."""
    if reproduction is None:
        return task
    apply_edits(task.workspace, [reproduction.edit])
    baseline = task.baseline or TestRun(command=task.test_command or ())
    failing = (*baseline.failing, *reproduction.node_ids)
    counted = baseline.model_copy(update={"failing": failing, "failed": baseline.failed + len(reproduction.node_ids)})
    return task.model_copy(update={"baseline": counted})


def is_settled(judgements: Sequence[Judgement]) -> bool:
    """No further attempt is worth its time: something holds, or nothing at all was found."""
    return not judgements or any(judgement.status in (Status.FIXED, Status.PLAUSIBLE) for judgement in judgements)


def refined(task: GenerationTask, judgements: Sequence[Judgement], left_s: float) -> GenerationTask:
    """The task of the next attempt: it knows why each candidate was turned away, and has the time that is left."""
    feedback = (*task.feedback, *(judgement.feedback for judgement in judgements))
    return task.model_copy(update={"feedback": feedback, "time_limit_s": max(LEAST_TIME_S, left_s)})


def metrics(built: ContextBuild, monitor: PerformanceMonitor) -> RunMetrics:
    return RunMetrics(
        duration_s=monitor.elapsed_s,
        stage_s=dict(monitor.stage_s),
        cache_hits=built.cache_hits,
        cache_lookups=built.cache_lookups,
    )


def compose_result(
    task: GenerationTask,
    outcomes: Sequence[GenerationOutcome],
    judgements: Sequence[Judgement],
    reproduction: Reproduction | None,
    metrics: RunMetrics,
    settings: Settings,
) -> RemediationResult:
    """The best judgement as the result, the others as alternatives; `unfixed` with the reason where none holds."""
    ranked = sorted(judgements, key=lambda judgement: (RANK[judgement.status], -judgement.candidate.confidence))
    suspects = next((outcome.suspects for outcome in reversed(outcomes) if outcome.suspects), task.analysis.suspects)
    extra_edits = (reproduction.edit,) if reproduction else ()
    result = RemediationResult(
        status=Status.UNFIXED,
        reason=why_unfixed(outcomes, ranked),
        incident=task.incident.model_copy(update={"environment": dict.fromkeys(task.incident.environment, HIDDEN)}),
        analysis=task.analysis.model_copy(update={"suspects": suspects}),
        evidence=ranked[0].evidence if ranked else TestEvidence(before=task.baseline),
        validation_result=ranked[0].validation if ranked else None,
        alternatives=tuple(alternative(judgement, extra_edits) for judgement in ranked),
        metrics=metrics.model_copy(update=work_done(outcomes)),
        notes=notes_of(task, outcomes, reproduction),
        history_id=uuid7() if settings.unified_code_generation.learning.history_tracking else None,
    )
    if not ranked or ranked[0].status is Status.UNFIXED:
        return result
    edits = (*ranked[0].candidate.edits, *extra_edits)
    return result.model_copy(
        update={
            "status": ranked[0].status,
            "reason": ranked[0].reason,
            "generated_code": {edit.path: edit.after for edit in edits if edit.after is not None},
            "patch": unified_diff(edits),
            "candidate": ranked[0].candidate.model_copy(update={"edits": edits}),
            "alternatives": result.alternatives[1:],
        }
    )


def work_done(outcomes: Sequence[GenerationOutcome]) -> dict[str, int]:
    return {
        "candidates_tried": sum(outcome.candidates_tried for outcome in outcomes),
        "test_runs": sum(outcome.test_runs for outcome in outcomes),
        "attempts": len(outcomes),
    }


def alternative(judgement: Judgement, extra_edits: tuple[FileEdit, ...]) -> Alternative:
    return Alternative(
        rule=judgement.candidate.rule,
        description=judgement.candidate.description,
        confidence=judgement.candidate.confidence,
        patch=unified_diff((*judgement.candidate.edits, *extra_edits)),
        is_valid=judgement.validation is not None and judgement.validation.is_valid,
        suspicions=judgement.candidate.suspicions,
    )


def why_unfixed(outcomes: Sequence[GenerationOutcome], judgements: Sequence[Judgement]) -> str:
    if judgements:
        return f"no candidate passed validation; the best one: {judgements[0].reason}"
    tried = sum(outcome.candidates_tried for outcome in outcomes)
    notes = [note for outcome in outcomes for note in outcome.notes]
    return f"none of {tried} candidates held" + (f": {'; '.join(dict.fromkeys(notes))}" if notes else "")


def notes_of(
    task: GenerationTask, outcomes: Sequence[GenerationOutcome], reproduction: Reproduction | None
) -> tuple[str, ...]:
    """What a reviewer should know, each once, in the order in which it was noticed."""
    notes = [*task.incident.notes, *task.repository.notes]
    if reproduction:
        notes.append(f"no test of the repository failed; {reproduction.edit.path} was written: {reproduction.how}")
    notes += [note for outcome in outcomes for note in outcome.notes]
    return tuple(dict.fromkeys(notes))
