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
_STORAGE = f"storage_version '{STORAGE_VERSION}'"
MIGRATIONS = Path(__file__).parent / "migrations"
REBUILD = "remake it from the ledger with `mendflow history rebuild`"


def connect() -> duckdb.DuckDBPyConnection:
    """A connection that keeps quiet: a progress bar would end up in the output of a command."""
    connection = duckdb.connect()
    connection.execute("set enable_progress_bar = false")
    return connection


def database_file(home: Path) -> Path:
    return home / "history.duckdb"


@contextmanager
def open_writable(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the schema up to date, checkpointed when it ends well; the caller holds the lock.

    Raises HistoryError when the file, or what is done with it, fails.
    """
    with _named_errors(path):
        if not path.exists():
            _create(path)
        connection = connect()
        try:
            _attach(connection, path, _STORAGE)
            migrate(connection)
            yield connection
            connection.execute("checkpoint history")
        finally:
            connection.close()


def _create(path: Path) -> None:
    """Make the file with its schema elsewhere, so that no reader ever meets it without."""
    fresh = path.with_name(f"{path.name}.new")
    remove_database(fresh)
    connection = connect()
    try:
        _attach(connection, fresh, _STORAGE)
        migrate(connection)
        connection.execute("checkpoint history")
    finally:
        connection.close()
    replace_database(fresh, path)


def remove_database(path: Path) -> None:
    path.unlink(missing_ok=True)
    _log_of(path).unlink(missing_ok=True)


def replace_database(fresh: Path, path: Path) -> None:
    """Put a checkpointed database in the place of another one."""
    # First the log of the old file, which must not be replayed into the new one.
    _log_of(path).unlink(missing_ok=True)
    fresh.replace(path)


def _log_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.wal")


@contextmanager
def open_readable(home: Path, timeout_s: float = 10.0) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection; waits up to `timeout_s` for a fold to end."""
    with history_lock(home, shared=True, timeout_s=timeout_s), _named_errors(database_file(home)):
        connection = connect()
        try:
            _attach(connection, database_file(home), "read_only")
            yield connection
        finally:
            connection.close()


def _attach(connection: duckdb.DuckDBPyConnection, path: Path, option: str) -> None:
    location = str(path).replace("'", "''")
    # ATTACH takes no bound values.
    connection.execute(f"attach '{location}' as history ({option})")
    connection.execute("use history")


@contextmanager
def _named_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        raise HistoryError(f"history database {str(path)!r} failed ({reason}); {REBUILD}") from error
    except OSError as error:
        reason = (error.strerror or "cannot be written").lower()
        raise HistoryError(f"history folder {str(path.parent)!r}: {reason}") from error


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
    known = _known_migrations()
    if unknown := applied.keys() - known.keys():
        raise HistoryError(f"history database has migration {max(unknown)}, made by a newer mendflow; upgrade")
    for version, path in known.items():
        script = path.read_text(encoding="utf-8")
        digest = hashlib.sha256(script.encode()).hexdigest()
        if version not in applied:
            _apply(connection, version, path.stem[4:], digest, script)
        elif applied[version] != digest:
            raise HistoryError(f"migration {path.name!r} has changed since it was applied; {REBUILD}")


def has_current_schema(home: Path, timeout_s: float) -> bool:
    """The database is there, and no migration is missing."""
    if not database_file(home).exists():
        return False
    with open_readable(home, timeout_s) as connection:
        applied = connection.execute("select version from schema_migration").fetchall()
    return _known_migrations().keys() <= {version for (version,) in applied}


def _known_migrations() -> dict[int, Path]:
    return {int(path.name[:3]): path for path in sorted(MIGRATIONS.glob("[0-9][0-9][0-9]_*.sql"))}


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
