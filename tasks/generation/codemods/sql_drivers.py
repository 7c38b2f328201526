"""How a file's database driver writes a placeholder."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from typing import Literal

import libcst as cst

from tasks.generation.codemods.syntax import descendants, string_value

Style = Literal["qmark", "format", "numeric", "dollar", "text"]
"""`?`, `%s`, `:1`, `$1`, and SQLAlchemy's `text("... :name")`."""

DRIVERS: dict[str, Style] = {
    "sqlite3": "qmark",
    "aiosqlite": "qmark",
    "duckdb": "qmark",
    "pyodbc": "qmark",
    "apsw": "qmark",
    "psycopg": "format",
    "psycopg2": "format",
    "MySQLdb": "format",
    "pymysql": "format",
    "mysql": "format",
    "mariadb": "qmark",
    "pymssql": "format",
    "snowflake": "format",
    "redshift_connector": "format",
    "aiomysql": "format",
    "django": "format",
    "asyncpg": "dollar",
    "oracledb": "numeric",
    "cx_Oracle": "numeric",
    "sqlalchemy": "text",
    "sqlmodel": "text",
}

_SEEN: dict[Style, re.Pattern[str]] = {
    "qmark": re.compile(r"[=(,]\s*\?|\blimit \?", re.IGNORECASE),
    "format": re.compile(r"[=(,']\s*%s|%\(\w+\)s"),
    "dollar": re.compile(r"[=(,]\s*\$1\b"),
    "numeric": re.compile(r"[=(,]\s*:1\b"),
}


def drivers_in(packages: Collection[str]) -> list[str]:
    return [name for name in DRIVERS if name in packages]


def style_of_file(imported: Collection[str], declared: Collection[str], module: cst.Module) -> Style | None:
    """The one style that the imports, else the file's own parametrized statements, else the dependencies agree on."""
    styles = {DRIVERS[name] for name in drivers_in(imported)}
    if len(styles) == 1:
        return styles.pop()
    if len(styles) > 1:
        return None
    seen = style_of_statements(module)
    if seen is not None:
        return seen
    declared_styles = {DRIVERS[name] for name in drivers_in(declared)}
    return declared_styles.pop() if len(declared_styles) == 1 else None


def style_of_statements(module: cst.Module) -> Style | None:
    """The placeholder that most `execute(literal, values)` calls of the file use."""
    counted: Counter[Style] = Counter()
    for node in descendants(module):
        if not isinstance(node, cst.Call) or len(node.args) != 2 or not isinstance(node.func, cst.Attribute):
            continue
        text = string_value(node.args[0].value)
        if text is None or not node.func.attr.value.startswith("execute"):
            continue
        counted.update(style for style, pattern in _SEEN.items() if pattern.search(text))
    return counted.most_common(1)[0][0] if counted else None
