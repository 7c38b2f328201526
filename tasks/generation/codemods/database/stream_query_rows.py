"""Read rows one by one.

What it does
    Turns `for row in cursor.fetchall():` into `for row in cursor:`, and adds `.iterator()` to Django's and
    `.yield_per(1000)` to SQLAlchemy's `query(...).all()` in a `for`.

Why it matters
    The whole result is held in memory before the first row is handled; a table grows until the process is killed.

Example
    Before: for row in cursor.fetchall():
    After:  for row in cursor:

When it does not apply
    The loop runs other statements, commits, or uses the cursor again: the open result would be disturbed.

Fix safety
    review: the same rows in the same order; the result stays open while the loop runs, which a call in the body that
    uses the same cursor or connection would disturb.

References
    CWE-770; https://docs.python.org/3/library/sqlite3.html#sqlite3.Cursor
"""

from __future__ import annotations

import re

import libcst as cst

from tasks.generation.codemods.base import Codemod
from tasks.generation.codemods.model import Rule
from tasks.generation.codemods.syntax import code_of, dotted
from tasks.models import Domain

DISTURBS = re.compile(r"execute|commit|rollback|\.save\(|\.delete\(|\.add\(|\.close\(|yield|\bawait\b")


class StreamQueryRows(Codemod):
    def leave_For(self, original_node: cst.For, updated_node: cst.For) -> cst.For:
        call = original_node.iter
        if not isinstance(call, cst.Call) or not isinstance(call.func, cst.Attribute) or call.args:
            return updated_node
        if DISTURBS.search(code_of(original_node.body)) or original_node.asynchronous is not None:
            return updated_node
        source = self._streamed(call.func)
        if source is None or not self.accept(original_node, "read the rows one by one instead of all at once"):
            return updated_node
        return updated_node.with_changes(iter=source)

    def _streamed(self, func: cst.Attribute) -> cst.BaseExpression | None:
        owner = dotted(func.value) or ""
        if func.attr.value == "fetchall":
            executed = isinstance(func.value, cst.Call) and code_of(func.value.func).endswith(".execute")
            return func.value if executed or re.search(r"(^|[._])cur(sor|s)?$", owner) else None
        text = code_of(func.value)
        if func.attr.value == "all" and re.search(r"(^|\.)(session|db\.session)\.query\(", text):
            return cst.Call(cst.Attribute(func.value, cst.Name("yield_per")), [cst.Arg(cst.Integer("1000"))])
        if func.attr.value == "all" and re.fullmatch(r"[A-Z]\w*\.objects", text):
            return cst.Call(cst.Attribute(cst.Call(func), cst.Name("iterator")))
        return None


RULE = Rule(
    id="stream_query_rows",
    title="Read rows one by one",
    domain=Domain.DATABASE,
    safety="review",
    transformer=StreamQueryRows,
    hints=("fetchall", "all()"),
    cwe=(770, 400),
    exceptions=("MemoryError",),
    words=("out of memory", "oomkilled", "oom", "memory grows", "memory usage", "whole table", "unbounded"),
)

VALID = (
    """\
for row in cur.fetchall():
    cur.execute(q, row)
""",
    """\
rows = cur.fetchall()
""",
)
INVALID = (
    (
        """\
for row in cursor.fetchall():  # all
    use(row)
""",
        """\
for row in cursor:  # all
    use(row)
""",
    ),
    (
        """\
for u in User.objects.all():
    send(u)
""",
        """\
for u in User.objects.all().iterator():
    send(u)
""",
    ),
    (
        """\
for u in session.query(User).filter(a).all():
    send(u)
""",
        """\
for u in session.query(User).filter(a).yield_per(1000):
    send(u)
""",
    ),
)
