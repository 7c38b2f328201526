"""Ledger lines on their way into the tables: checked one by one, stored many at a time."""

from __future__ import annotations

import glob
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
from pydantic import ValidationError

from analytics.events import decode, reason_of
from analytics.segments import Chunk

BATCH_BYTES = 32 * 1024**2
MAX_BROKEN_TEXT = 2_000
"""Characters of a broken line that the quarantine keeps."""


@dataclass
class Counts:
    segments: set[str] = field(default_factory=set)
    records: int = 0
    duplicates: int = 0
    broken: int = 0
    size_bytes: int = 0


@dataclass(frozen=True)
class BrokenLine:
    segment: str
    position: int
    reason: str
    line: str


@dataclass
class Batch:
    """Records of several chunks, to be stored in one transaction with the positions that they reach."""

    lines: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    broken: list[BrokenLine] = field(default_factory=list)
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
            self._quarantine(segment, position, reason_of(error), line)
        else:
            # Written anew, since DuckDB's reader refuses some lines that pydantic takes.
            self.lines[event.kind].append(event.model_dump_json())

    def _quarantine(self, segment: str, position: int, reason: str, line: bytes) -> None:
        text = line[: MAX_BROKEN_TEXT * 4].decode("utf-8", "backslashreplace").replace("\0", "\\x00")
        self.broken.append(BrokenLine(segment, position, reason, text[:MAX_BROKEN_TEXT]))


def store_batch(connection: duckdb.DuckDBPyConnection, batch: Batch, counts: Counts, spool: Path) -> None:
    """Add what the tables lack, in one transaction; `spool` is a file to write over."""
    connection.execute("begin")
    try:
        stored = sum(_insert_lines(connection, table, batch.lines[table], spool) for table in batch.lines)
        for broken in batch.broken:
            connection.execute(
                "insert into ledger_quarantine values ($1, $2, $3, $4, now()::timestamp)",
                [broken.segment, broken.position, broken.reason, broken.line],
            )
        for segment, chunk in {chunk.segment: chunk for chunk in batch.chunks}.items():
            note_progress(connection, segment, chunk.end, is_sealed=chunk.is_last)
        connection.execute("commit")
    except duckdb.Error:
        connection.execute("rollback")
        raise
    counts.segments |= {chunk.segment for chunk in batch.chunks if chunk.end > chunk.start}
    counts.records += stored
    counts.duplicates += sum(map(len, batch.lines.values())) - stored
    counts.broken += len(batch.broken)
    counts.size_bytes += batch.size_bytes


def note_progress(connection: duckdb.DuckDBPyConnection, name: str, end_byte: int, *, is_sealed: bool) -> None:
    """A segment or archive is stored up to this byte; a sealed one need not be looked at again."""
    connection.execute("insert into ledger_progress values ($1, $2, $3, now()::timestamp)", [name, end_byte, is_sealed])


def insert_missing(connection: duckdb.DuckDBPyConnection, table: str, source: str, values: Mapping[str, object]) -> int:
    """Number of rows added: one for each id of the source that the table lacks.

    `table` and `source` are SQL of our own; what comes from outside is bound through `values`.
    """
    first = connection.execute(f"select min(id) from {source}", values).fetchone()
    inserted = connection.execute(
        f"""
        insert into {table} by name
        select batch.*
        from {source} as batch
        where batch.id not in (select id from {table} where id >= $first_id)
        qualify row_number() over (partition by batch.id) = 1
        """,
        {**values, "first_id": first[0] if first else None},
    ).fetchone()
    return int(inserted[0]) if inserted else 0


def _insert_lines(connection: duckdb.DuckDBPyConnection, table: str, lines: list[str], spool: Path) -> int:
    spool.write_text("\n".join(lines) + "\n", encoding="utf-8")
    columns = connection.execute(
        "select column_name, data_type from duckdb_columns()"
        " where database_name = 'history' and table_name = $1 order by column_index",
        [table],
    ).fetchall()
    source = "read_json($file, columns = $columns, format = 'nd', maximum_object_size = $limit)"
    # DuckDB takes file names as patterns.
    values = {"file": glob.escape(str(spool)), "columns": dict(columns), "limit": BATCH_BYTES}
    return insert_missing(connection, table, source, values)
