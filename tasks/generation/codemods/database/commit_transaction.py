"""Commit what was written.

What it does
    Adds `connection.commit()` after the last `INSERT`, `UPDATE`, `DELETE` or `REPLACE` that a function runs on a
    connection that it opened itself, when nothing in the function commits.

Why it matters
    DB-API connections open a transaction; closing one without `commit` throws the writes away.

Example
    Before: c.execute("INSERT ...")
    After:  c.execute("INSERT ..."); c.commit()

When it does not apply
    The connection is used by `with`, is in autocommit mode, or comes from outside: then the caller may commit.

Fix safety
    hardening: rows that were lost are kept.

References
    CWE-840; https://peps.python.org/pep-0249/#commit
"""

from __future__ import annotations

import re

import libcst as cst

from tasks.generation.codemods.base import Codemod
from tasks.generation.codemods.model import Rule
from tasks.generation.codemods.syntax import assigned_name, code_of, own_nodes, string_value
from tasks.models import Domain

OPENERS = {
    f"{m}.connect" for m in ("sqlite3", "psycopg2", "psycopg", "MySQLdb", "pymysql", "mysql.connector", "pyodbc")
}
WRITE = re.compile(r"^\s*(insert|update|delete|replace)\b", re.IGNORECASE)


class CommitTransaction(Codemod):
    def leave_FunctionDef(self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef) -> cst.FunctionDef:
        body = original_node.body
        if not isinstance(body, cst.IndentedBlock) or not isinstance(updated_node.body, cst.IndentedBlock):
            return updated_node
        text = code_of(body)
        if "commit" in text or "autocommit" in text or "isolation_level" in text:
            return updated_node
        opened = self._opened(body)
        if opened is None or re.search(rf"with {opened}\b|return {opened}$|yield {opened}\b", text, re.MULTILINE):
            return updated_node
        writes = [i for i, line in enumerate(body.body) if self._writes(line)]
        if not writes or not self.accept(body.body[writes[-1]], f"commit what was written through {opened}"):
            return updated_node
        lines = list(updated_node.body.body)
        lines.insert(writes[-1] + 1, cst.parse_statement(f"{opened}.commit()"))
        return updated_node.with_changes(body=updated_node.body.with_changes(body=lines))

    def _opened(self, body: cst.IndentedBlock) -> str | None:
        for line in body.body:
            pair = assigned_name(line)
            if pair is not None and isinstance(pair[1], cst.Call) and self.calls(pair[1], OPENERS):
                return pair[0]
        return None

    def _writes(self, line: cst.CSTNode) -> bool:
        for node in own_nodes(line):
            is_call = isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute) and bool(node.args)
            if not is_call or not isinstance(node, cst.Call) or not isinstance(node.func, cst.Attribute):
                continue
            text = string_value(self.constant(node.args[0].value))
            if node.func.attr.value in ("execute", "executemany") and text is not None and WRITE.match(text):
                return True
        return False


RULE = Rule(
    id="commit_transaction",
    title="Commit what was written",
    domain=Domain.DATABASE,
    safety="hardening",
    transformer=CommitTransaction,
    hints=("connect",),
    cwe=(840,),
    words=("not saved", "lost write", "rows missing", "data loss", "not persisted", "disappear"),
)

VALID = (
    """\
import sqlite3


def f():
    c = sqlite3.connect(p)
    c.execute('INSERT INTO t VALUES (1)')
    c.commit()
""",
    """\
def f(c):
    c.execute('INSERT INTO t VALUES (1)')
""",
)
INVALID = (
    (
        """\
import sqlite3


def f():
    c = sqlite3.connect(p)
    for r in rows:
        c.execute('INSERT INTO t VALUES (?)', r)
    c.close()
""",
        """\
import sqlite3


def f():
    c = sqlite3.connect(p)
    for r in rows:
        c.execute('INSERT INTO t VALUES (?)', r)
    c.commit()
    c.close()
""",
    ),
)
