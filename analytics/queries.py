"""The SQL files, and rows as Python values."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import duckdb

SQL = Path(__file__).parent / "sql"


@cache
def query(name: str) -> str:
    """The text of one query, e.g. `marts/performance`."""
    return (SQL / f"{name}.sql").read_text(encoding="utf-8")


def create_staging_views(connection: duckdb.DuckDBPyConnection) -> None:
    """Make each staging query a view of this connection, named like its file."""
    for path in sorted((SQL / "staging").glob("*.sql")):
        connection.execute(f"create or replace temp view {path.stem} as {query(f'staging/{path.stem}')}")


def rows(connection: duckdb.DuckDBPyConnection, sql: str, **values: object) -> list[dict[str, Any]]:
    """Rows by column name; ids as text, times in UTC, decimals as floats."""
    cursor = connection.execute(sql, values or None)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, map(_plain, row), strict=True)) for row in cursor.fetchall()]


def known(row: dict[str, Any]) -> dict[str, Any]:
    """The row without what it lacks: rows older than a column have nothing in it, and the model's default holds."""
    return {name: value for name, value in row.items() if value is not None}


def naive(moment: datetime) -> datetime:
    """A moment as the database stores it: UTC without a zone."""
    return moment.astimezone(UTC).replace(tzinfo=None)


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC)
    if isinstance(value, UUID):
        return str(value)
    return float(value) if isinstance(value, Decimal) else value
