"""Lock rows in one order.

What it does
    Adds `.order_by("pk")` to Django's `select_for_update()` of several rows that has no order.

Why it matters
    Two transactions that lock the same rows in different orders wait for each other: the database ends one of
    them as a deadlock.

Example
    Before: Account.objects.select_for_update().filter(id__in=ids)
    After:  Account.objects.select_for_update().filter(id__in=ids).order_by("pk")

When it does not apply
    The query names an order, or fetches one row with `get`, `first` or `last`.

Fix safety
    safe: only the order of the rows changes where it was not defined.

References
    CWE-833; https://docs.djangoproject.com/en/stable/ref/models/querysets/#select-for-update
"""

from __future__ import annotations

import libcst as cst

from tasks.generation.codemods.base import Codemod
from tasks.generation.codemods.model import Rule
from tasks.generation.codemods.syntax import code_of
from tasks.models import Domain


class OrderLockedRows(Codemod):
    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:
        text = code_of(original_node)
        if "select_for_update(" not in text or ".objects" not in text:
            return updated_node
        above = self.parent(original_node)
        if isinstance(above, cst.Attribute) or not isinstance(original_node.func, cst.Attribute):
            return updated_node
        last = original_node.func.attr.value
        if last not in ("filter", "exclude", "all", "select_for_update") or "order_by(" in text:
            return updated_node
        if not self.accept(original_node, "lock the rows in the order of their keys"):
            return updated_node
        return cst.Call(cst.Attribute(updated_node, cst.Name("order_by")), [cst.Arg(cst.SimpleString('"pk"'))])


RULE = Rule(
    id="order_locked_rows",
    title="Lock rows in one order",
    domain=Domain.DATABASE,
    safety="safe",
    transformer=OrderLockedRows,
    hints=("select_for_update",),
    cwe=(833,),
    exceptions=("DeadlockDetected", "OperationalError"),
    words=("deadlock",),
)

VALID = (
    """\
A.objects.select_for_update().get(pk=1)
""",
    """\
A.objects.select_for_update().filter(x=1).order_by('x')
""",
)
INVALID = (
    (
        """\
rows = list(A.objects.select_for_update().filter(id__in=ids))
""",
        """\
rows = list(A.objects.select_for_update().filter(id__in=ids).order_by("pk"))
""",
    ),
)
