"""Ended segments as Parquet: a few compressed files in the place of many small ones, still part of the ledger.

An archive is a folder with one file for each table. It appears complete, by a rename, and only then does what it
replaces go; a call that was cut short in between leaves nothing that counts twice.
"""

from __future__ import annotations

import glob
import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

import duckdb

from analytics.batch import insert_missing, note_progress
from analytics.events import EVENT_TYPES
from analytics.ids import uuid7
from analytics.ledger import SUFFIX, segment_folder, sync_folder
from tasks.models import Frozen

MANIFEST = "manifest.json"


class Manifest(Frozen):
    """Names of what an archive stands for, which readers of the ledger pass over."""

    segments: frozenset[str] = frozenset()
    archives: frozenset[str] = frozenset()


def archive_folder(home: Path) -> Path:
    return segment_folder(home) / "archive"


def archives(home: Path) -> list[Path]:
    """Complete archives that no other one replaces, oldest first."""
    replaced = replaced_names(home).archives
    return [path for path in _complete(home) if path.name not in replaced]


def replaced_names(home: Path) -> Manifest:
    """All segments and archives that archives stand for."""
    manifests = [_manifest(path) for path in _complete(home)]
    return Manifest(
        segments=frozenset().union(*(manifest.segments for manifest in manifests)),
        archives=frozenset().union(*(manifest.archives for manifest in manifests)),
    )


def write_archive(connection: duckdb.DuckDBPyConnection, home: Path, manifest: Manifest) -> Path:
    """The connection's tables as a new archive, on disk."""
    name = uuid7()
    hidden = archive_folder(home) / f".{name}"
    hidden.mkdir(mode=0o700, parents=True)
    for table in EVENT_TYPES:
        # COPY takes no bound values; table and path are our own.
        target = str(hidden / f"{table}.parquet").replace("'", "''")
        connection.execute(f"copy (from {table} order by id) to '{target}' (format parquet, compression zstd)")
    target = str(hidden / "ledger_quarantine.parquet").replace("'", "''")
    connection.execute(f"copy ledger_quarantine to '{target}' (format parquet, compression zstd)")
    (hidden / MANIFEST).write_text(manifest.model_dump_json(), encoding="utf-8")
    for path in [*hidden.iterdir(), hidden]:
        _sync(path)
    archive = hidden.rename(archive_folder(home) / name)
    sync_folder(archive_folder(home))
    return archive


def load_archive(connection: duckdb.DuckDBPyConnection, archive: Path) -> int:
    """Number of records added: those whose ids the tables lack. One transaction."""
    connection.execute("begin")
    try:
        added = sum(
            insert_missing(connection, table, "read_parquet($file)", {"file": _literal(archive, table)})
            for table in EVENT_TYPES
        )
        connection.execute(
            "insert into ledger_quarantine by name select * from read_parquet($file) as broken where not exists ("
            " from ledger_quarantine as known"
            " where known.segment = broken.segment and known.start_byte = broken.start_byte)",
            {"file": _literal(archive, "ledger_quarantine")},
        )
        note_progress(connection, archive.name, 0, is_sealed=True)
        connection.execute("commit")
    except duckdb.Error:
        connection.execute("rollback")
        raise
    return added


def _literal(archive: Path, table: str) -> str:
    """DuckDB takes file names as patterns."""
    return glob.escape(str(archive / f"{table}.parquet"))


def remove_replaced(home: Path) -> None:
    """Delete what archives stand for, and archives that were never completed."""
    replaced = replaced_names(home)
    for segment in replaced.segments:
        (segment_folder(home) / f"{segment}{SUFFIX}").unlink(missing_ok=True)
    for folder in (*_named(home, replaced.archives), *archive_folder(home).glob(".*")):
        shutil.rmtree(folder)


def _named(home: Path, names: Iterable[str]) -> Iterator[Path]:
    return (path for name in names if (path := archive_folder(home) / name).exists())


def _complete(home: Path) -> list[Path]:
    return sorted(archive_folder(home).glob("[!.]*"))


def _manifest(archive: Path) -> Manifest:
    return Manifest.model_validate_json((archive / MANIFEST).read_bytes())


def _sync(path: Path) -> None:
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
