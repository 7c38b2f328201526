"""Reading the history: runs, metrics and frames."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

import duckdb

from analytics.database import has_current_schema, open_readable
from analytics.events import EVENT_TYPES, Event
from analytics.fold import fold
from analytics.locks import HistoryBusyError
from analytics.metrics import Dimension, GenerationHistory, LearningEffectiveness, PerformanceMetrics, RunHistory
from analytics.queries import SQL, create_staging_views, known, naive, query, rows
from tasks.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

Mart = Literal[
    "caches",
    "failing_checks",
    "model_calls",
    "recurring_incidents",
    "reliability",
    "rules",
    "slowest_stages",
    "unfixed_reasons",
]
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
END = datetime(2200, 1, 1, tzinfo=UTC)


class History:
    """What the ledger holds, as of now; the database is open only while a method reads."""

    def __init__(self, home: Path, timeout_s: float = 10.0) -> None:
        self.home = home
        self._timeout_s = timeout_s

    def runs(
        self, limit: int = 20, since: datetime | None = None, status: str | None = None
    ) -> list[GenerationHistory]:
        """Finished runs, newest first; connection tests of alert senders are left out."""
        with self.session() as connection:
            found = rows(connection, query("runs"), limit=limit, since=naive(since or BEGINNING), status=status)
        return [GenerationHistory.model_validate(known(row)) for row in found]

    def run(self, history_id: str) -> RunHistory:
        """One run with all its events; the first characters of the id are enough where only one run has them.

        Raises InputError when no run, or more than one, matches.
        """
        with self.session() as connection:
            found = rows(connection, query("run_by_id"), prefix=history_id.lower())
            if len(found) != 1:
                raise InputError(_not_one(history_id, len(found)))
            generation = GenerationHistory.model_validate(known(found[0]))
            events = {name: _events_of(connection, table, generation.id) for table, name in _EVENTS_OF_A_RUN.items()}
        return RunHistory.model_validate({"generation": generation, **events})

    def metrics(self, since: datetime | None = None, until: datetime | None = None) -> PerformanceMetrics:
        """The six metrics over the runs that ended in [since, until)."""
        window = {"since": naive(since or BEGINNING), "until": naive(until or END)}
        with self.session() as connection:
            found = rows(connection, query("marts/performance"), dimension="all", **window)
            learning = rows(connection, query("marts/learning_effectiveness"), **window)[0]
        summary = found[0] if found else {}
        return PerformanceMetrics.model_validate({**summary, "learning": LearningEffectiveness(**learning)})

    def metrics_by(
        self, dimension: Dimension, since: datetime | None = None, until: datetime | None = None
    ) -> list[PerformanceMetrics]:
        """The metrics for each value of the dimension, the value with most runs first; days in order.

        Raises InputError for a dimension that there is not.
        """
        if dimension not in get_args(Dimension):
            raise InputError(f"no dimension {dimension!r}; there are {', '.join(get_args(Dimension))}")
        window = {"since": naive(since or BEGINNING), "until": naive(until or END)}
        with self.session() as connection:
            found = rows(connection, query("marts/performance"), dimension=dimension, **window)
        metrics = [PerformanceMetrics.model_validate(row) for row in found]
        return sorted(metrics, key=lambda each: each.value) if dimension == "day" else metrics

    def mart(
        self, name: Mart, since: datetime | None = None, until: datetime | None = None, limit: int = 50
    ) -> list[dict[str, Any]]:
        """The rows of one mart; its SQL file says what a row and each column is.

        Raises InputError for a mart that there is not.
        """
        if name not in get_args(Mart):
            raise InputError(f"no mart {name!r}; there are {', '.join(get_args(Mart))}")
        window = {"since": naive(since or BEGINNING), "until": naive(until or END)}
        with self.session() as connection:
            return rows(connection, query(f"marts/{name}"), limit=limit, **window)

    def frame(self, name: str) -> pd.DataFrame:
        """A table or staging view as a pandas frame, for people who go on in a notebook.

        Raises InputError for a name that there is not.
        """
        names = {*EVENT_TYPES, *(path.stem for path in (SQL / "staging").glob("*.sql"))}
        if name not in names:
            raise InputError(f"no history table {name!r}; there are {', '.join(sorted(names))}")
        with self.session() as connection:
            return connection.execute(f"select * from {name} order by recorded_at, id").df()

    @contextmanager
    def session(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A read-only connection with the staging views; folds keep out for as long as it is open."""
        self._fold_if_free()
        with open_readable(self.home, self._timeout_s) as connection:
            create_staging_views(connection)
            yield connection

    def _fold_if_free(self) -> None:
        """Where others use the database just now, what is read may be a moment behind; but it must have its schema."""
        try:
            fold(self.home, timeout_s=0)
        except HistoryBusyError:
            if not has_current_schema(self.home, self._timeout_s):
                fold(self.home, self._timeout_s)


_EVENTS_OF_A_RUN = {
    "hypothesis": "hypotheses",
    "decision": "decisions",
    "attempt": "attempts",
    "patch": "patches",
    "validation_issue": "validation_issues",
    "test_run": "test_runs",
    "model_call": "model_calls",
    "cache_lookup": "cache_lookups",
    "cost": "costs",
    "outcome": "outcomes",
}


def _events_of(connection: duckdb.DuckDBPyConnection, table: str, history_id: str) -> list[Event]:
    found = rows(connection, f"select * from {table} where history_id = $id::uuid order by id", id=history_id)
    return [EVENT_TYPES[table].model_validate(known(row)) for row in found]


def _not_one(history_id: str, count: int) -> str:
    if count:
        return f"{count} runs begin with {history_id!r}; give more of the id"
    return f"no run {history_id!r} in the history; `mendflow history show` lists them"
