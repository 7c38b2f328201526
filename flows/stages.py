"""Where a run is: measured for its metrics, shown as a progress bar and as tags in the Prefect UI."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Self
from uuid import UUID

from prefect import get_client
from prefect.artifacts import acreate_progress_artifact, aupdate_progress_artifact
from prefect.context import FlowRunContext
from prefect.exceptions import MissingContextError

from analytics.collector import PerformanceMonitor

SHARE_DONE = {"context": 5, "tests before": 15, "analysis": 20, "reproduction": 35, "generation": 80, "validation": 95}
"""Percent of a typical run that lies behind the end of a stage; generation takes most of it."""


@dataclass
class Stages:
    progress_id: UUID
    tags: tuple[str, ...]
    monitor: PerformanceMonitor = field(default_factory=PerformanceMonitor)

    @classmethod
    async def begin(cls, tags: tuple[str, ...]) -> Self:
        """Call inside a flow run; tags it and creates its progress artifact."""
        progress_id = await acreate_progress_artifact(0.0, key="progress", description="from incident to verdict")
        await tag_run(tags)
        return cls(progress_id, tags)

    @asynccontextmanager
    async def enter(self, name: str) -> AsyncIterator[None]:
        with self.monitor.stage(name):
            yield
        await aupdate_progress_artifact(self.progress_id, SHARE_DONE[name], description=f"{name} done")

    async def end(self, verdict: str) -> None:
        await aupdate_progress_artifact(self.progress_id, 100.0, description=verdict)
        await tag_run((*self.tags, f"verdict:{verdict}"))


async def tag_run(tags: tuple[str, ...]) -> None:
    """Add tags to those that the current flow run was created with."""
    run = FlowRunContext.get()
    if run is None or run.flow_run is None:
        raise MissingContextError("a run is tagged from inside its flow")
    async with get_client() as client:
        await client.update_flow_run(run.flow_run.id, tags={*run.flow_run.tags, *tags})
