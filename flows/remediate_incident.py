"""From an incident and a repository to a validated patch: the whole run, in order."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from prefect import flow

from flows import artifacts, composition
from flows.stages import Stages
from tasks import steps
from tasks.models import GenerationOutcome, Incident, Judgement, RemediationResult
from tasks.sandbox.workspace import open_workspace


@flow(name="remediate-incident", flow_run_name=composition.run_name, persist_result=True, result_serializer="json")
async def remediate_incident(
    incident: Incident,
    repository: str,
    test_command: list[str] | None = None,
    engine: Literal["auto", "embedded", "model"] | None = None,
    time_limit_s: float | None = None,
    repository_facts: dict[str, object] | None = None,
    configuration: str | None = None,
) -> RemediationResult:
    """Mend `incident` in the repository at `repository`, which is never written to.

    `repository_facts` takes what the caller already knows (`recent_commits`, `dependencies`); `configuration` names a
    block of settings, in place of the file that MENDFLOW_CONFIG names. Every honest outcome is a
    result, `unfixed` included; raises only for input that cannot be used and for faults of mendflow itself.
    """
    settings = await composition.run_settings(configuration, engine=engine, time_limit_s=time_limit_s)
    section = settings.unified_code_generation
    stages = await Stages.begin(composition.run_tags(incident))
    outcomes: list[GenerationOutcome] = []
    judgements: list[Judgement] = []

    with open_workspace(Path(repository)) as workspace:
        async with stages.enter("context"):
            built = await steps.build_context(incident, repository, repository_facts, settings)
        async with stages.enter("tests before"):
            baseline = await steps.run_baseline(incident, built.repository, workspace.path, test_command, section)
        async with stages.enter("analysis"):
            analysis = await steps.analyse_incident(incident, built.repository, baseline)
        task = composition.generation_task(incident, built.repository, analysis, workspace.path, baseline, section)
        async with stages.enter("reproduction"):
            reproduction = await steps.reproduce_fault(task, section)
            task = composition.with_reproduction(task, reproduction)

        for attempt in range(1, section.attempts + 1):
            async with stages.enter("generation"):
                outcomes.append(await steps.generate_candidates(task, attempt, section))
            async with stages.enter("validation"):
                judged = await steps.validate_candidates(task, outcomes[-1].candidates, reproduction, section)
            judgements += judged
            if composition.is_settled(judged):
                break
            task = composition.refined(task, judged, section.time_limit_s - stages.monitor.elapsed_s)

    metrics = composition.metrics(built, stages.monitor)
    result = composition.compose_result(task, outcomes, judgements, reproduction, metrics, settings)
    await steps.record_history(result, built.repository, judgements, settings)
    await artifacts.publish(result, built.repository.commit)
    await stages.end(result.status)
    return result
