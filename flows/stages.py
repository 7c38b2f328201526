"""Where a run is: measured for its metrics, and shown as a progress bar in the Prefect UI."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Self
from uuid import UUID

from prefect.artifacts import acreate_progress_artifact, aupdate_progress_artifact

from analytics.collector import PerformanceMonitor

SHARE_DONE = {"context": 5, "tests before": 15, "analysis": 20, "reproduction": 35, "generation": 80, "validation": 95}
"""Percent of a typical run that lies behind the end of a stage; generation takes most of it."""


@dataclass
class Stages:
    progress_id: UUID
    monitor: PerformanceMonitor = field(default_factory=PerformanceMonitor)

    @classmethod
    async def begin(cls) -> Self:
        """Call inside a flow run; creates its progress artifact."""
        return cls(await acreate_progress_artifact(0.0, key="progress", description="from incident to verdict"))

    @asynccontextmanager
    async def enter(self, name: str) -> AsyncIterator[None]:
        with self.monitor.stage(name):
            yield
        await aupdate_progress_artifact(self.progress_id, SHARE_DONE[name], description=f"{name} done")

    async def end(self, verdict: str) -> None:
        await aupdate_progress_artifact(self.progress_id, 100.0, description=verdict)
