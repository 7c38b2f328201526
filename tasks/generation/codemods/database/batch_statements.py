"""Send statements in batches.

What it does
    Turns a loop whose only line is `cursor.execute("INSERT ... VALUES (?, ?)", row)` into
    `cursor.executemany(..., rows)`; UPDATE and DELETE likewise.

Why it matters
    Each row is a round trip to the database and is parsed anew.

Example
    Before: for row in rows: cur.execute("INSERT ...", row)
    After:  cur.executemany("INSERT ...", rows)

When it does not apply
    The loop does more, the statement is built, or its result is used.

Fix safety
    hardening: the same statements in the same order; after an error, drivers differ in which rows before it were
    sent.

References
    CWE-1050; https://peps.python.org/pep-0249/#executemany
"""

from __future__ import annotations

import re

import libcst as cst

from tasks.generation.codemods.base import Codemod
from tasks.generation.codemods.model import Rule
from tasks.generation.codemods.syntax import code_of, expr, simple, string_value
from tasks.models import Domain

WRITE = re.compile(r"^\s*(insert|update|delete|replace)\b", re.IGNORECASE)


class BatchStatements(Codemod):
    def leave_For(self, original_node: cst.For, updated_node: cst.For) -> cst.BaseStatement:
        body = original_node.body.body
        small = simple(body[0]) if len(body) == 1 else None
        call = small.value if isinstance(small, cst.Expr) else None
        if original_node.orelse is not None or original_node.asynchronous or not isinstance(call, cst.Call):
            return updated_node
        rows = _rows(original_node, call)
        if rows is None or not isinstance(call.func, cst.Attribute):
            return updated_node
        if not self.accept(original_node, "send the statements in one batch"):
            return updated_node
        many = call.with_changes(
            func=call.func.with_changes(attr=cst.Name("executemany")),
            args=[call.args[0], call.args[1].with_changes(value=rows)],
        )
        trailing = getattr(body[0], "trailing_whitespace", cst.TrailingWhitespace())
        return cst.SimpleStatementLine(
            [cst.Expr(many)], leading_lines=updated_node.leading_lines, trailing_whitespace=trailing
        )


def _rows(loop: cst.For, call: cst.Call) -> cst.BaseExpression | None:
    """What the batch takes as rows; None when the line is no statement with one row of the loop."""
    is_execute = isinstance(call.func, cst.Attribute) and call.func.attr.value == "execute"
    text = string_value(call.args[0].value) if len(call.args) == 2 else None
    if not is_execute or text is None or not WRITE.match(text) or any(arg.keyword for arg in call.args):
        return None
    row = call.args[1].value
    if row.deep_equals(loop.target):
        return loop.iter
    if not isinstance(row, cst.Tuple | cst.Dict | cst.List):
        return None
    return expr(f"[{code_of(row)} for {code_of(loop.target)} in {code_of(loop.iter)}]")


RULE = Rule(
    id="batch_statements",
    title="Send statements in batches",
    domain=Domain.DATABASE,
    safety="hardening",
    transformer=BatchStatements,
    hints=(".execute(",),
    cwe=(1050, 1073),
    words=("slow import", "slow insert", "n+1", "many queries", "round trip", "bulk"),
)

VALID = (
    """\
for r in rows:
    cur.execute('SELECT 1 WHERE a = ?', r)
""",
    """\
for r in rows:
    cur.execute('INSERT INTO t VALUES (?)', r)
    n += 1
""",
)
INVALID = (
    (
        """\
# all
for r in rows:
    cur.execute('INSERT INTO t VALUES (?)', r)  # one
""",
        """\
# all
cur.executemany('INSERT INTO t VALUES (?)', rows)  # one
""",
    ),
    (
        """\
for k, v in d.items():
    cur.execute('UPDATE t SET v = ? WHERE k = ?', (v, k))
""",
        """\
cur.executemany('UPDATE t SET v = ? WHERE k = ?', [(v, k) for k, v in d.items()])
""",
    ),
)
