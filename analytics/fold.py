"""Carrying the ledger into the history database: each record once, each broken line kept and counted."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
from pydantic import ValidationError

from analytics.database import database_file, open_writable, remove_database, replace_database
from analytics.events import decode
from analytics.locks import history_lock
from analytics.segments import Chunk, read_chunks, segments
from tasks.models import Frozen

BATCH_BYTES = 32 * 1024**2
MAX_BROKEN_TEXT = 2_000
"""Characters of a broken line that the quarantine keeps; the ledger has the rest."""


class FoldReport(Frozen):
    """What one fold found."""

    segments: int = 0
    """Segments that had something new."""
    records: int = 0
    duplicates: int = 0
    """Records whose id the database had already."""
    broken: int = 0
    """Lines put into quarantine."""
    size_bytes: int = 0
    duration_s: float = 0.0


def fold(home: Path, timeout_s: float = 10.0) -> FoldReport:
    """Bring the history database up to what the ledger holds.

    Raises HistoryBusyError when others keep the database for longer than `timeout_s`.
    """
    with history_lock(home, shared=False, timeout_s=timeout_s):
        return _fold_into(database_file(home), home)


def rebuild(home: Path, timeout_s: float = 10.0) -> FoldReport:
    """Make the history database anew from the ledger; the old one serves until the new one is complete."""
    with history_lock(home, shared=False, timeout_s=timeout_s):
        target = database_file(home)
        fresh = target.with_name("history.rebuilt.duckdb")
        remove_database(fresh)
        report = _fold_into(fresh, home)
        replace_database(fresh, target)
        return report


def _fold_into(path: Path, home: Path) -> FoldReport:
    started = time.monotonic()
    with open_writable(path) as connection:
        counts = _Counts()
        spool = home / ".fold.jsonl"
        for batch in _batches(connection, home):
            _store(connection, batch, counts, spool)
        spool.unlink(missing_ok=True)
    return FoldReport(
        segments=len(counts.segments),
        records=counts.records,
        duplicates=counts.duplicates,
        broken=counts.broken,
        size_bytes=counts.size_bytes,
        duration_s=time.monotonic() - started,
    )


@dataclass
class _Counts:
    segments: set[str] = field(default_factory=set)
    records: int = 0
    duplicates: int = 0
    broken: int = 0
    size_bytes: int = 0


@dataclass(frozen=True)
class _Broken:
    segment: str
    position: int
    reason: str
    line: str


@dataclass
class _Batch:
    """Records of several chunks, to be stored in one transaction with the positions they reach."""

    lines: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    first_id: dict[str, str] = field(default_factory=dict)
    broken: list[_Broken] = field(default_factory=list)
    chunks: list[Chunk] = field(default_factory=list)
    size_bytes: int = 0

    def add(self, chunk: Chunk) -> None:
        position = chunk.start
        for line in chunk.lines:
            self._add_line(chunk.segment, position, line)
            position += len(line) + 1
        if chunk.torn:
            self._quarantine(chunk.segment, position, "the writer ended in the middle of this line", chunk.torn)
        self.chunks.append(chunk)
        self.size_bytes += chunk.end - chunk.start

    def _add_line(self, segment: str, position: int, line: bytes) -> None:
        try:
            event = decode(line)
        except ValidationError as error:
            self._quarantine(segment, position, _reason(error), line)
            return
        # Written anew, since DuckDB's reader refuses some lines that pydantic takes.
        self.lines[event.kind].append(event.model_dump_json())
        self.first_id[event.kind] = min(event.id, self.first_id.get(event.kind, event.id))

    def _quarantine(self, segment: str, position: int, reason: str, line: bytes) -> None:
        text = line[: MAX_BROKEN_TEXT * 4].decode("utf-8", "backslashreplace").replace("\0", "\\x00")
        self.broken.append(_Broken(segment, position, reason, text[:MAX_BROKEN_TEXT]))


def _reason(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    return f"{where}: {first['msg']}" if where else first["msg"]


def _batches(connection: duckdb.DuckDBPyConnection, home: Path) -> Iterator[_Batch]:
    progress = _progress(connection)
    batch = _Batch()
    for path in segments(home):
        position, is_sealed = progress.get(path.stem, (0, False))
        if is_sealed:
            continue
        for chunk in read_chunks(path, position):
            batch.add(chunk)
            if batch.size_bytes >= BATCH_BYTES:
                yield batch
                batch = _Batch()
    if batch.chunks:
        yield batch


def _progress(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[int, bool]]:
    rows = connection.execute(
        "select segment, max(end_byte), bool_or(is_sealed) from ledger_progress group by segment"
    ).fetchall()
    return {segment: (end_byte, is_sealed) for segment, end_byte, is_sealed in rows}


def _store(connection: duckdb.DuckDBPyConnection, batch: _Batch, counts: _Counts, spool: Path) -> None:
    connection.execute("begin")
    try:
        stored = sum(_insert(connection, kind, batch, spool) for kind in batch.lines)
        for broken in batch.broken:
            connection.execute(
                "insert into ledger_quarantine values ($1, $2, $3, $4, now()::timestamp)",
                [broken.segment, broken.position, broken.reason, broken.line],
            )
        _note_progress(connection, batch)
        connection.execute("commit")
    except duckdb.Error:
        connection.execute("rollback")
        raise
    offered = sum(map(len, batch.lines.values()))
    counts.segments |= {chunk.segment for chunk in batch.chunks if chunk.end > chunk.start}
    counts.records += stored
    counts.duplicates += offered - stored
    counts.broken += len(batch.broken)
    counts.size_bytes += batch.size_bytes


def _note_progress(connection: duckdb.DuckDBPyConnection, batch: _Batch) -> None:
    reached = {chunk.segment: chunk for chunk in batch.chunks}
    for segment, chunk in reached.items():
        connection.execute(
            "insert into ledger_progress values ($1, $2, $3, now()::timestamp)", [segment, chunk.end, chunk.is_last]
        )


def _insert(connection: duckdb.DuckDBPyConnection, table: str, batch: _Batch, spool: Path) -> int:
    """Number of records stored: those of the batch whose id the table lacks."""
    columns = dict(
        connection.execute(
            "select column_name, data_type from duckdb_columns()"
            " where database_name = 'history' and table_name = $1 order by column_index",
            [table],
        ).fetchall()
    )
    spool.write_text("\n".join(batch.lines[table]) + "\n", encoding="utf-8")
    # The table's name is a key of EVENT_TYPES, never text from a line.
    inserted = connection.execute(
        f"""
        insert into {table} by name
        select batch.*
        from read_json($file, columns = $columns, format = 'nd', maximum_object_size = $limit) as batch
        where batch.id not in (select id from {table} where id >= $first_id::uuid)
        qualify row_number() over (partition by batch.id) = 1
        """,
        {"file": str(spool), "columns": columns, "limit": BATCH_BYTES, "first_id": batch.first_id[table]},
    ).fetchone()
    return int(inserted[0]) if inserted else 0
