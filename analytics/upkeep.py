"""Keeping the ledger small: ended segments become an archive, and what is too old goes."""

from __future__ import annotations

import glob
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb

from analytics.archive import Manifest, archives, remove_replaced, write_archive
from analytics.batch import note_progress
from analytics.database import database_file, open_writable, remove_database
from analytics.events import EVENT_TYPES
from analytics.fold import fold_into, sealed_segments
from analytics.locks import history_lock
from analytics.queries import naive
from tasks.models import Frozen


class UpkeepReport(Frozen):
    segments: int = 0
    """Segments that went into the new archive."""
    archives: int = 0
    """Archives that went into it."""
    records: int = 0
    """Records of the new archive."""
    removed: int = 0
    """Records removed for their age."""


def compact(home: Path, keep_days: int = 0, max_archives: int = 32, timeout_s: float = 10.0) -> UpkeepReport:
    """Archive the segments whose writers have ended; remove records older than `keep_days` (0: none).

    More archives than `max_archives` are made into one. What a living writer's segment holds is left alone in the
    ledger until it ends. Raises HistoryBusyError when others keep the database for longer than `timeout_s`.
    """
    oldest = datetime.now(UTC) - timedelta(days=keep_days) if keep_days else None
    with history_lock(home, shared=False, timeout_s=timeout_s):
        remove_replaced(home)
        with open_writable(database_file(home)) as connection:
            fold_into(connection, home)
            chosen = Manifest(
                segments=sealed_segments(connection, home),
                archives=_archives_to_rewrite(connection, home, oldest, max_archives),
            )
            removed = _remove_older(connection, oldest) if oldest else 0
            archive, records = _rewrite(home, chosen, oldest) if chosen.segments or chosen.archives else (None, 0)
            if archive:
                note_progress(connection, archive.name, 0, is_sealed=True)
        remove_replaced(home)
    return UpkeepReport(segments=len(chosen.segments), archives=len(chosen.archives), records=records, removed=removed)


def _archives_to_rewrite(
    connection: duckdb.DuckDBPyConnection, home: Path, oldest: datetime | None, max_archives: int
) -> frozenset[str]:
    present = archives(home)
    if len(present) > max_archives:
        return frozenset(path.name for path in present)
    return frozenset(path.name for path in present if oldest and _reaches_before(connection, path, oldest))


def _reaches_before(connection: duckdb.DuckDBPyConnection, archive: Path, oldest: datetime) -> bool:
    files = [glob.escape(str(archive / f"{table}.parquet")) for table in EVENT_TYPES]
    row = connection.execute(
        "select min(recorded_at) < $oldest from read_parquet($files, union_by_name = true)",
        {"oldest": naive(oldest), "files": files},
    ).fetchone()
    return bool(row and row[0])


def _rewrite(home: Path, chosen: Manifest, oldest: datetime | None) -> tuple[Path, int]:
    """The chosen segments and archives as one new archive, and its number of records."""
    scratch = home / "history.scratch.duckdb"
    remove_database(scratch)
    try:
        with open_writable(scratch) as connection:
            records = fold_into(connection, home, only=chosen.segments | chosen.archives).records
            if oldest:
                records -= _remove_older(connection, oldest)
            return write_archive(connection, home, chosen), records
    finally:
        remove_database(scratch)


def _remove_older(connection: duckdb.DuckDBPyConnection, oldest: datetime) -> int:
    """Number of records removed, in one transaction."""
    connection.execute("begin")
    try:
        removed = 0
        for table in EVENT_TYPES:
            row = connection.execute(f"delete from {table} where recorded_at < $1", [naive(oldest)]).fetchone()
            removed += int(row[0]) if row else 0
        connection.execute("delete from ledger_quarantine where quarantined_at < $1", [naive(oldest)])
        connection.execute("commit")
    except duckdb.Error:
        connection.execute("rollback")
        raise
    return removed
