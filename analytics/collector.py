"""Measuring a run while it goes on, and writing it to the ledger when it has ended."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from pydantic import ValidationError

from analytics.events import reason_of
from analytics.ids import uuid7
from analytics.ledger import Ledger
from analytics.run_events import RunDetails, RunEvents
from tasks.errors import HistoryError
from tasks.models import Judgement, RemediationResult, RepositoryContext

__all__ = ["PerformanceMonitor", "RunDetails", "WorkflowMetricsCollector"]


@dataclass
class PerformanceMonitor:
    """Measures the stages of one run; a stage entered again adds to its time."""

    stage_s: dict[str, float] = field(default_factory=dict)
    """Seconds by stage, in the order of first entry; a stage counts from its end on."""
    _started: float = field(default_factory=time.monotonic)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        self.stage_s.setdefault(name, 0.0)
        entered = time.monotonic()
        try:
            yield
        finally:
            self.stage_s[name] += time.monotonic() - entered

    @property
    def elapsed_s(self) -> float:
        """Since the monitor was made."""
        return time.monotonic() - self._started


class WorkflowMetricsCollector:
    """Writes finished runs to the ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger

    def record(
        self,
        result: RemediationResult,
        *,
        repository: RepositoryContext | None = None,
        judgements: Sequence[Judgement] = (),
        run_id: str = "",
        history_id: str | None = None,
        details: RunDetails | None = None,
    ) -> str:
        """The run's history id, once all that it brought is on disk.

        `judgements` are the candidates in the order of judging; `history_id` is given when events of the run were
        appended before its end, or when a retry may record the run again, which then counts once. Patches are stored
        as the result has them. Raises HistoryError when the disk refuses, or when a value is out of all bounds, such
        as a confidence that is no number.
        """
        run = RunEvents(result, repository, judgements, run_id, history_id or uuid7(), details or RunDetails())
        try:
            events = list(run)
        except ValueError as error:
            reason = reason_of(error) if isinstance(error, ValidationError) else str(error)
            raise HistoryError(f"run of incident {result.incident.id!r} cannot be recorded: {reason}") from error
        self.ledger.append_all(events)
        return run.history_id
