"""Opening the history database, and bringing its schema up to date.

The file can always be made anew from the ledger, so nothing here repairs one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from analytics.locks import history_lock
from tasks.errors import HistoryError

STORAGE_VERSION = "v1.5.0"
"""Both DuckDB 1.5 and 2.0 read and write it."""
MIGRATIONS = Path(__file__).parent / "migrations"
REBUILD = "remake it from the ledger with `mendflow history rebuild`"


def database_file(home: Path) -> Path:
    return home / "history.duckdb"


@contextmanager
def open_writable(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the schema up to date, checkpointed when it ends well; the caller holds the lock."""
    connection = duckdb.connect()
    try:
        _attach(connection, path, f"storage_version '{STORAGE_VERSION}'")
        migrate(connection)
        yield connection
        connection.execute("checkpoint history")
    finally:
        connection.close()


@contextmanager
def open_readable(home: Path, timeout_s: float = 10.0) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection; waits up to `timeout_s` for a fold to end."""
    with history_lock(home, shared=True, timeout_s=timeout_s):
        connection = duckdb.connect()
        try:
            _attach(connection, database_file(home), "read_only")
            yield connection
        finally:
            connection.close()


def _attach(connection: duckdb.DuckDBPyConnection, path: Path, option: str) -> None:
    location = str(path).replace("'", "''")
    try:
        # ATTACH takes no bound values.
        connection.execute(f"attach '{location}' as history ({option})")
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        raise HistoryError(f"history database {str(path)!r} cannot be opened ({reason}); {REBUILD}") from error
    connection.execute("use history")


def migrate(connection: duckdb.DuckDBPyConnection) -> None:
    """Apply the numbered migrations that the database lacks, each in a transaction of its own.

    Raises HistoryError when one that was applied has been changed since, or is unknown here.
    """
    connection.execute(
        "create table if not exists schema_migration"
        " (version integer, name varchar, sha256 varchar, applied_at timestamp)"
    )
    rows = connection.execute("select version, sha256 from schema_migration").fetchall()
    applied: dict[int, str] = dict(rows)
    known = {int(path.name[:3]): path for path in sorted(MIGRATIONS.glob("[0-9][0-9][0-9]_*.sql"))}
    if unknown := applied.keys() - known.keys():
        raise HistoryError(f"history database has migration {max(unknown)}, made by a newer mendflow; upgrade")
    for version, path in known.items():
        script = path.read_text(encoding="utf-8")
        digest = hashlib.sha256(script.encode()).hexdigest()
        if version not in applied:
            _apply(connection, version, path.stem[4:], digest, script)
        elif applied[version] != digest:
            raise HistoryError(f"migration {path.name!r} has changed since it was applied; {REBUILD}")


def _apply(connection: duckdb.DuckDBPyConnection, version: int, name: str, digest: str, script: str) -> None:
    connection.execute("begin")
    try:
        connection.execute(script)
        connection.execute(
            "insert into schema_migration values ($1, $2, $3, now()::timestamp)", [version, name, digest]
        )
        connection.execute("commit")
    except duckdb.Error:
        connection.execute("rollback")
        raise
