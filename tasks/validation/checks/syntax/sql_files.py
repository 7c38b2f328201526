"""SQL files that no dialect can parse."""

from __future__ import annotations

import logging
from collections.abc import Iterator

from tasks.models import Level, ValidationIssue
from tasks.validation.change import House
from tasks.validation.source import Source

_DIALECTS = ("postgres", "mysql", "sqlite", "duckdb", "tsql", "oracle", "snowflake", "bigquery")
_TEMPLATE_MARKS = ("{{", "{%", "${", ":'")
LONGEST = 200_000
"""Characters; longer files are dumps, which take seconds to parse."""


def check_sql_files(source: Source, house: House) -> Iterator[ValidationIssue]:
    skipped = len(source.text) > LONGEST or any(mark in source.text for mark in _TEMPLATE_MARKS)
    if source.language != "sql" or skipped or source.is_fixture:
        return
    objection = _objection(source.text)
    if objection:
        line, reason = objection
        message = f"no SQL dialect can parse it: {reason}"
        yield source.issue(Level.SYNTAX, "invalid-sql", "error", line, message, "mend the statement")


def _objection(text: str) -> tuple[int | None, str] | None:
    """Line and reason of the first dialect's complaint; None when any dialect takes the text."""
    import sqlglot  # 0.1 s, and only where SQL files are touched

    logging.getLogger("sqlglot").setLevel(logging.ERROR)  # it warns of each statement that it keeps unparsed
    first: tuple[int | None, str] | None = None
    for dialect in _DIALECTS:
        try:
            sqlglot.parse(text, read=dialect)
        except sqlglot.errors.ParseError as error:
            detail = error.errors[0] if error.errors else {}
            first = first or (detail.get("line"), str(detail.get("description") or "unreadable"))
        except (sqlglot.errors.SqlglotError, RecursionError) as error:
            first = first or (None, str(error).splitlines()[0][:160])
        else:
            return None
    return first
