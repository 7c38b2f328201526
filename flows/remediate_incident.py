"""From an incident and a repository to a validated patch: the whole run, in order."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from analytics.collector import PerformanceMonitor
from prefect import flow, tags
from tasks.sandbox.workspace import open_workspace

from flows import artifacts, composition
from tasks import steps
from tasks.models import GenerationOutcome, Incident, Judgement, RemediationResult


@flow(name="remediate-incident", flow_run_name=composition.run_name, persist_result=True, result_serializer="json")
async def remediate_incident(
    incident: Incident,
    repository: str,
    test_command: list[str] | None = None,
    engine: Literal["auto", "embedded", "model"] | None = None,
    time_limit_s: float | None = None,
    repository_facts: dict[str, object] | None = None,
) -> RemediationResult:
    """Mend `incident` in the repository at `repository`, which is never written to.

    `repository_facts` takes what the caller already knows (`recent_commits`, `dependencies`). Every honest outcome is
    a result, `unfixed` included; raises only for input that cannot be used and for faults of mendflow itself.
    """
    settings = composition.run_settings(engine=engine, time_limit_s=time_limit_s)
    monitor = PerformanceMonitor()
    outcomes: list[GenerationOutcome] = []
    judgements: list[Judgement] = []

    with tags(*composition.run_tags(incident)), open_workspace(Path(repository)) as workspace:
        with monitor.stage("context"):
            context = await steps.build_context(incident, repository, repository_facts)
        with monitor.stage("tests before"):
            baseline = await steps.run_baseline(incident, context, workspace.path, test_command, settings)
        with monitor.stage("analysis"):
            analysis = await steps.analyse_incident(incident, context, baseline)
        task = composition.generation_task(incident, context, analysis, workspace.path, baseline, settings)
        with monitor.stage("reproduction"):
            reproduction = await steps.reproduce_fault(task)
            task = composition.with_reproduction(task, reproduction)

        for attempt in range(1, settings.attempts + 1):
            with monitor.stage("generation"):
                outcomes.append(await steps.generate_candidates(task, attempt))
            with monitor.stage("validation"):
                judged = await steps.validate_candidates(task, outcomes[-1].candidates, reproduction, settings)
            judgements += judged
            if composition.is_settled(judged):
                break
            task = composition.refined(task, judged, monitor.elapsed_s)

    result = composition.compose_result(task, outcomes, judgements, reproduction, monitor)
    result = await steps.record_history(result, context, judgements, settings)
    await artifacts.publish(result)
    return result
