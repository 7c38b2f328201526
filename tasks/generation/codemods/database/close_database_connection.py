"""Close database connections whatever happens.

What it does
    Wraps the rest of a function after `connection = sqlite3.connect(...)` (any DB-API driver) in `with
    contextlib.closing(connection):`; a `connection.close()` at the end goes away. A connection opened by `with
    sqlite3.connect(...)`, which commits but never closes, stays as it is.

Why it matters
    A connection that is not closed when a statement raises stays open until the garbage collector comes by: the
    database runs out of connections, SQLite stays locked.

Example
    Before: connection = sqlite3.connect(path); ...; connection.close()
    After:  with contextlib.closing(sqlite3.connect(path)) as connection: ...

When it does not apply
    The connection is returned, yielded, stored or handed to another function that may keep it, or closed in
    `finally`.

Fix safety
    hardening: the connection closes at the same place, and now also after an exception.

References
    CWE-772, CWE-404; https://docs.python.org/3/library/contextlib.html#contextlib.closing
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import libcst as cst

from tasks.generation.codemods.base import Codemod
from tasks.generation.codemods.model import Rule
from tasks.generation.codemods.syntax import assigned_name, code_of, descendants
from tasks.models import Domain

OPENERS = {
    f"{m}.connect"
    for m in (
        "sqlite3",
        "psycopg2",
        "psycopg",
        "MySQLdb",
        "pymysql",
        "mysql.connector",
        "pyodbc",
        "cx_Oracle",
        "oracledb",
        "duckdb",
    )
}


class CloseDatabaseConnection(Codemod):
    def leave_FunctionDef(self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef) -> cst.FunctionDef:
        if not isinstance(original_node.body, cst.IndentedBlock) or not isinstance(
            updated_node.body, cst.IndentedBlock
        ):
            return updated_node
        statements = original_node.body.body
        for position, line in enumerate(statements):
            pair = assigned_name(line)
            if pair is None or not isinstance(pair[1], cst.Call) or not self.calls(pair[1], OPENERS):
                continue
            rest = statements[position + 1 :]
            if (
                not rest
                or not _stays_inside(rest, pair[0])
                or not self.accept(line, f"close {pair[0]} whatever happens")
            ):
                return updated_node
            closing = self.name_for("contextlib.closing")
            return _wrapped(updated_node, updated_node.body, position, pair[0], closing)
        return updated_node


def _wrapped(
    function: cst.FunctionDef, body: cst.IndentedBlock, position: int, name: str, closing: cst.BaseExpression
) -> cst.FunctionDef:
    opened = cst.ensure_type(body.body[position], cst.SimpleStatementLine)
    value = cst.ensure_type(opened.body[0], cst.Assign).value
    rest = [line for line in body.body[position + 1 :] if code_of(line).strip() != f"{name}.close()"]
    item = cst.WithItem(cst.Call(closing, [cst.Arg(value)]), cst.AsName(cst.Name(name)))
    block = cst.IndentedBlock(rest, header=opened.trailing_whitespace, footer=body.footer)
    statement = cst.With([item], block, leading_lines=opened.leading_lines)
    return function.with_changes(body=body.with_changes(body=[*body.body[:position], statement], footer=()))


def _stays_inside(rest: Sequence[cst.CSTNode], name: str) -> bool:
    """The connection is only used through its methods, and not closed in a way of its own."""
    text = "".join(code_of(line) for line in rest)
    if "yield" in text or "finally" in text or re.search(rf"with {name}\b|global |closing\(", text):
        return False
    last = code_of(rest[-1]).strip()
    closes = len(re.findall(rf"\b{name}\.close\(\)", text))
    direct = sum(code_of(line).strip() == f"{name}.close()" for line in rest)
    after_close = [i for i, line in enumerate(rest) if code_of(line).strip() == f"{name}.close()"]
    if closes != direct or closes > 1 or (after_close and rest[after_close[0] + 2 :]):
        return False
    uses = [n for line in rest for n in descendants(line) if isinstance(n, cst.Name) and n.value == name]
    methods = [
        n for line in rest for n in descendants(line)
        if isinstance(n, cst.Attribute) and isinstance(n.value, cst.Name) and n.value.value == name
    ]  # fmt: skip
    returns_cursor = re.search(rf"return {name}\.(execute|cursor)\([^)]*\)$", last)
    return bool(uses) and len(uses) == len(methods) and not returns_cursor


RULE = Rule(
    id="close_database_connection",
    title="Close database connections whatever happens",
    domain=Domain.DATABASE,
    safety="hardening",
    transformer=CloseDatabaseConnection,
    hints=("connect",),
    cwe=(772, 404),
    codeql=("py/resource-leak",),
    exceptions=("OperationalError", "TooManyConnections", "PoolTimeout"),
    words=(
        "too many connections",
        "connection leak",
        "too many clients",
        "database is locked",
        "remaining connection slots",
        "unclosed",
    ),
)

VALID = (
    """\
import sqlite3


def f():
    c = sqlite3.connect(p)
    return c
""",
    """\
import sqlite3


def f():
    c = sqlite3.connect(p)
    try:
        c.execute(q)
    finally:
        c.close()
""",
)
INVALID = (
    (
        """\
import sqlite3


def f(p):
    # open
    c = sqlite3.connect(p)  # db
    rows = c.execute(q).fetchall()
    c.close()
    return rows
""",
        """\
import contextlib
import sqlite3


def f(p):
    # open
    with contextlib.closing(sqlite3.connect(p)) as c:  # db
        rows = c.execute(q).fetchall()
        return rows
""",
    ),
)
