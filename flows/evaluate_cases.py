"""Many cases, each remediated on its own; what came of them, and what it cost."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from statistics import median, quantiles
from typing import Literal

from prefect import flow, get_run_logger

from flows.remediate_incident import remediate_incident
from tasks.context.incident import read_incident
from tasks.errors import MendflowError
from tasks.models import CaseResult, Evaluation, Incident, Status


@flow(name="evaluate-cases")
async def evaluate_cases(
    cases: list[str],
    engine: Literal["auto", "embedded", "model"] = "auto",
    time_limit_s: float | None = None,
    jobs: int = 1,
) -> Evaluation:
    """Remediate every case (a folder with `incident.json` and `repo/`), at most `jobs` at a time.

    A case that cannot be read, or breaks, counts as `failed` with its reason; the others go on.
    """
    started = time.monotonic()
    slots = asyncio.Semaphore(jobs)

    async def evaluate(folder: Path) -> CaseResult:
        async with slots:
            result = await evaluate_case(folder, engine, time_limit_s)
        get_run_logger().info(f"{result.case}: {result.status}, {result.reason}", extra={"stage": "case"})
        return result

    results = await asyncio.gather(*(evaluate(Path(folder)) for folder in cases))
    return summarize(results, engine, time.monotonic() - started)


async def evaluate_case(
    folder: Path, engine: Literal["auto", "embedded", "model"], time_limit_s: float | None
) -> CaseResult:
    started = time.monotonic()
    try:
        incident: Incident = read_incident(folder / "incident.json")
        result = await remediate_incident(
            incident=incident, repository=str(folder / "repo"), engine=engine, time_limit_s=time_limit_s
        )
    except MendflowError as error:
        return CaseResult(
            case=folder.name, status=Status.FAILED, reason=str(error), duration_s=time.monotonic() - started
        )
    return CaseResult(
        case=folder.name,
        status=result.status,
        reason=result.reason,
        rule=result.candidate.rule if result.candidate else None,
        duration_s=time.monotonic() - started,
        cost_usd=result.metrics.cost_usd,
        candidates_tried=result.metrics.candidates_tried,
    )


def summarize(results: list[CaseResult], engine: str, total_s: float) -> Evaluation:
    counts = {status: sum(result.status is status for result in results) for status in Status}
    seconds = [result.duration_s for result in results]
    return Evaluation(
        engine=engine,
        cases=tuple(results),
        counts=counts,
        fix_rate=counts[Status.FIXED] / len(results),
        plausible_rate=(counts[Status.FIXED] + counts[Status.PLAUSIBLE]) / len(results),
        median_s=median(seconds),
        p95_s=quantiles(seconds, n=20, method="inclusive")[-1] if len(seconds) > 1 else seconds[0],
        total_s=total_s,
        cost_usd=sum(result.cost_usd for result in results),
    )
