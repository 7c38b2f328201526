"""Carrying history from one machine to another: as ledger lines, or as Parquet for other tools."""

from __future__ import annotations

import glob
import itertools
import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
from pydantic import ValidationError

from analytics.database import connect
from analytics.events import EVENT_TYPES, SCHEMA_VERSION, HistoryEvent, decode, reason_of
from analytics.fold import fold
from analytics.history import History
from analytics.ledger import Ledger
from tasks.errors import InputError
from tasks.models import Frozen

CHUNK_LINES = 5_000
MAX_LINE_BYTES = 16 * 1024**2
MOMENT = "%Y-%m-%dT%H:%M:%S.%fZ"


class ExportReport(Frozen):
    target: Path
    records: int


class ImportReport(Frozen):
    records: int = 0
    """Records that were new here."""
    known: int = 0
    """Records whose ids the history had already."""
    broken: int = 0
    first_broken: str = ""
    """Where the first broken line is and what is wrong with it."""


def export_history(home: Path, target: Path) -> ExportReport:
    """Write the whole history to `target`: ledger lines if its name ends in `.jsonl`, else a folder of Parquet files.

    Raises InputError when the target exists already or its folder does not.
    """
    if target.exists():
        raise InputError(f"{str(target)!r} exists already; name a new file or folder")
    if not target.absolute().parent.is_dir():
        raise InputError(f"no folder {str(target.absolute().parent)!r} to export into")
    with History(home).session() as connection, _complete_or_absent(target) as part:
        if target.suffix == ".jsonl":
            records = _write_lines(connection, part)
        else:
            part.mkdir()
            records = sum(_write_parquet(connection, table, part / f"{table}.parquet") for table in EVENT_TYPES)
    return ExportReport(target=target, records=records)


def import_history(home: Path, source: Path) -> ImportReport:
    """Append what the history lacks of an export; doing so again, or after a break, adds nothing twice.

    Lines that are no records are counted and left out. Raises InputError when the source cannot be read.
    """
    ledger, report = Ledger(home), ImportReport()
    try:
        with TemporaryDirectory(prefix="mendflow-import-") as folder, History(home).session() as connection:
            for path in _line_files(source, Path(folder)):
                for chunk in _chunks(path):
                    report = _append_missing(connection, ledger, chunk, report)
    finally:
        ledger.rotate()
    fold(home)
    return report


@contextmanager
def _complete_or_absent(target: Path) -> Iterator[Path]:
    """A place to write to that becomes the target when all went well."""
    part = target.with_name(f".{target.name}.part")
    _discard(part)
    try:
        yield part
        part.rename(target)
    finally:
        _discard(part)


def _discard(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _write_lines(connection: duckdb.DuckDBPyConnection, target: Path) -> int:
    """Every row as a ledger line, table after table."""
    records = 0
    with TemporaryDirectory(prefix="mendflow-export-") as folder, target.open("wb") as out:
        for table in EVENT_TYPES:
            rows = Path(folder) / f"{table}.jsonl"
            records += _copy_as_lines(connection, table, table, rows)
            with rows.open("rb") as lines:
                shutil.copyfileobj(lines, out)
    return records


def _copy_as_lines(connection: duckdb.DuckDBPyConnection, kind: str, source: str, target: Path) -> int:
    """COPY takes no bound values: kinds are our own names, quotes in paths are doubled."""
    row = connection.execute(
        f"copy (select {SCHEMA_VERSION} as v, '{kind}' as kind, * from {source})"
        f" to {_quoted(target)} (format json, timestampformat '{MOMENT}')"
    ).fetchone()
    return int(row[0]) if row else 0


def _write_parquet(connection: duckdb.DuckDBPyConnection, table: str, target: Path) -> int:
    row = connection.execute(
        f"copy (from {table} order by id) to {_quoted(target)} (format parquet, compression zstd)"
    ).fetchone()
    return int(row[0]) if row else 0


def _quoted(path: Path) -> str:
    escaped = str(path).replace("'", "''")
    return f"'{escaped}'"


def _line_files(source: Path, folder: Path) -> Iterator[Path]:
    """The source as files of ledger lines; Parquet is turned into them, so that both are checked alike."""
    if source.is_file():
        yield source
        return
    tables = [table for table in EVENT_TYPES if (source / f"{table}.parquet").is_file()]
    if not tables:
        raise InputError(f"{str(source)!r} is neither a file of ledger lines nor a folder of history Parquet files")
    for table in tables:
        lines = folder / f"{table}.jsonl"
        with connect() as connection:
            try:
                parquet = Path(glob.escape(str(source / f"{table}.parquet")))
                _copy_as_lines(connection, table, f"read_parquet({_quoted(parquet)})", lines)
            except duckdb.Error as error:
                reason = str(error).splitlines()[0]
                raise InputError(f"{str(source / f'{table}.parquet')!r} cannot be read: {reason}") from None
        yield lines
        lines.unlink()


def _chunks(path: Path) -> Iterator[list[tuple[str, bytes]]]:
    """Lines with the place where each stands, some thousands at a time."""
    with path.open("rb") as file:
        lines = iter(lambda: file.readline(MAX_LINE_BYTES), b"")
        numbered = ((f"{path.name}:{number}", line) for number, line in enumerate(lines, 1) if line.strip())
        while chunk := list(itertools.islice(numbered, CHUNK_LINES)):
            yield chunk


def _append_missing(
    connection: duckdb.DuckDBPyConnection, ledger: Ledger, chunk: list[tuple[str, bytes]], report: ImportReport
) -> ImportReport:
    found: dict[str, dict[str, HistoryEvent]] = defaultdict(dict)
    broken: list[str] = []
    for place, line in chunk:
        try:
            event = decode(line)
        except ValidationError as error:
            broken.append(f"{place}: {reason_of(error)}")
        else:
            found[event.kind][event.id] = event
    known = {table: _known(connection, table, events) for table, events in found.items()}
    missing = [event for table, events in found.items() for event in events.values() if event.id not in known[table]]
    ledger.append_all(missing)
    return ImportReport(
        records=report.records + len(missing),
        known=report.known + len(chunk) - len(broken) - len(missing),
        broken=report.broken + len(broken),
        first_broken=report.first_broken or next(iter(broken), ""),
    )


def _known(connection: duckdb.DuckDBPyConnection, table: str, ids: Iterable[str]) -> set[str]:
    rows = connection.execute(
        f"select id::varchar from {table} where id in (select unnest($1::uuid[]))", [list(ids)]
    ).fetchall()
    return {row[0] for row in rows}
