"""Carrying the ledger into the history database: each record once, each broken line kept and counted."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb

from analytics.archive import archives, load_archive, replaced_names
from analytics.batch import BATCH_BYTES, Batch, Counts, store_batch
from analytics.database import database_file, open_writable, remove_database, replace_database
from analytics.locks import history_lock
from analytics.segments import read_chunks, segments
from tasks.models import Frozen

logger = logging.getLogger(__name__)


class FoldReport(Frozen):
    """What one fold found."""

    segments: int = 0
    """Segments that had something new."""
    records: int = 0
    """Records added, those of archives included."""
    duplicates: int = 0
    """Lines whose id the database had already."""
    broken: int = 0
    """Lines put into quarantine."""
    size_bytes: int = 0
    """Of the lines read."""
    duration_s: float = 0.0


def fold(home: Path, timeout_s: float = 10.0) -> FoldReport:
    """Bring the history database up to what the ledger holds.

    Raises HistoryBusyError when others keep the database for longer than `timeout_s`.
    """
    with history_lock(home, shared=False, timeout_s=timeout_s):
        return fold_unlocked(home)


def rebuild(home: Path, timeout_s: float = 10.0) -> FoldReport:
    """Make the history database anew from the ledger; the old one stays in place until the new one is complete."""
    with history_lock(home, shared=False, timeout_s=timeout_s):
        target = database_file(home)
        fresh = target.with_name("history.rebuilt.duckdb")
        remove_database(fresh)
        with open_writable(fresh) as connection:
            report = fold_into(connection, home)
        replace_database(fresh, target)
        return report


def fold_unlocked(home: Path) -> FoldReport:
    """As `fold`, for a caller that holds the lock."""
    with open_writable(database_file(home)) as connection:
        return fold_into(connection, home)


def fold_into(connection: duckdb.DuckDBPyConnection, home: Path, only: frozenset[str] | None = None) -> FoldReport:
    """Add what the connection's database lacks of the ledger, or of the segments and archives named in `only`."""
    started = time.monotonic()
    counts = Counts()
    progress = _progress(connection)
    for archive in archives(home):
        if archive.name not in progress and (only is None or archive.name in only):
            counts.records += load_archive(connection, archive)
    spool = home / ".fold.jsonl"
    for batch in _batches(home, progress, only):
        store_batch(connection, batch, counts, spool)
    spool.unlink(missing_ok=True)
    if counts.broken:
        logger.warning("put %d broken ledger lines into quarantine (table ledger_quarantine)", counts.broken)
    logger.debug("folded %d records from %d segments", counts.records, len(counts.segments))
    return FoldReport(
        segments=len(counts.segments),
        records=counts.records,
        duplicates=counts.duplicates,
        broken=counts.broken,
        size_bytes=counts.size_bytes,
        duration_s=time.monotonic() - started,
    )


def sealed_segments(connection: duckdb.DuckDBPyConnection, home: Path) -> frozenset[str]:
    """Names of the segments that are stored to their last byte."""
    progress = _progress(connection)
    return frozenset(path.stem for path in segments(home) if progress.get(path.stem, (0, False))[1])


def _progress(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[int, bool]]:
    rows = connection.execute(
        "select segment, max(end_byte), bool_or(is_sealed) from ledger_progress group by segment"
    ).fetchall()
    return {segment: (end_byte, is_sealed) for segment, end_byte, is_sealed in rows}


def _batches(home: Path, progress: dict[str, tuple[int, bool]], only: frozenset[str] | None) -> Iterator[Batch]:
    replaced = replaced_names(home).segments
    batch = Batch()
    for path in segments(home):
        position, is_sealed = progress.get(path.stem, (0, False))
        if is_sealed or path.stem in replaced or (only is not None and path.stem not in only):
            continue
        for chunk in read_chunks(path, position):
            batch.add(chunk)
            if batch.size_bytes >= BATCH_BYTES:
                yield batch
                batch = Batch()
    if batch.chunks:
        yield batch
