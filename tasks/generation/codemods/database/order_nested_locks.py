"""Take locks in one order.

What it does
    Where a file nests `with a: with b:` (or `with a, b:`) in one place and the other way round in another, swaps
    the later ones to the order of the first.

Why it matters
    Two threads that hold one lock each and wait for the other's never go on.

Example
    Before: with self.b: with self.a:
    After:  with self.a: with self.b:

When it does not apply
    Statements stand between the two `with`, or the names do not look like locks.

Fix safety
    hardening: both locks are held for the same lines; each is taken a moment earlier or later.

References
    CWE-833;
    https://docs.python.org/3/library/threading.html#using-locks-conditions-and-semaphores-in-the-with-statement
"""

from __future__ import annotations

import re

import libcst as cst

from tasks.generation.codemods.base import Codemod
from tasks.generation.codemods.model import Rule
from tasks.generation.codemods.syntax import dotted
from tasks.models import Domain

LOCK = re.compile(r"lock|mutex|semaphore", re.IGNORECASE)


class OrderNestedLocks(Codemod):
    def visit_Module(self, node: cst.Module) -> None:
        self._order: set[tuple[str, str]] = set()

    def leave_With(self, original_node: cst.With, updated_node: cst.With) -> cst.With:
        if len(original_node.items) == 2:
            outer, inner = _lock(original_node.items[0]), _lock(original_node.items[1])
            if self._is_wrong(original_node, outer, inner):
                first, second = updated_node.items
                items = [first.with_changes(item=second.item), second.with_changes(item=first.item)]
                return updated_node.with_changes(items=items)
            return updated_node
        nested = updated_node.body.body[0] if len(updated_node.body.body) == 1 else None
        if not isinstance(nested, cst.With) or len(nested.items) != 1 or len(original_node.items) != 1:
            return updated_node
        outer, inner = _lock(original_node.items[0]), _lock(nested.items[0])
        if nested.asynchronous or original_node.asynchronous or not self._is_wrong(original_node, outer, inner):
            return updated_node
        body = cst.ensure_type(updated_node.body, cst.IndentedBlock)
        swapped = nested.with_changes(items=[nested.items[0].with_changes(item=updated_node.items[0].item)])
        items = [updated_node.items[0].with_changes(item=nested.items[0].item)]
        return updated_node.with_changes(items=items, body=body.with_changes(body=[swapped]))

    def _is_wrong(self, node: cst.With, outer: str | None, inner: str | None) -> bool:
        if outer is None or inner is None or outer == inner:
            return False
        if (inner, outer) in self._order:
            return self.accept(node, f"take {inner} before {outer}, as elsewhere in the file")
        self._order.add((outer, inner))
        return False


def _lock(item: cst.WithItem) -> str | None:
    name = dotted(item.item)
    return name if name is not None and item.asname is None and LOCK.search(name) else None


RULE = Rule(
    id="order_nested_locks",
    title="Take locks in one order",
    domain=Domain.DATABASE,
    safety="hardening",
    transformer=OrderNestedLocks,
    hints=("_lock", ".lock", "Lock", "mutex", "semaphore"),
    cwe=(833,),
    words=("deadlock", "hang", "hung", "stuck", "blocked"),
)

VALID = (
    """\
with a_lock:
    with b_lock:
        f()
with a_lock, b_lock:
    g()
""",
)
INVALID = (
    (
        """\
with a_lock:
    with b_lock:
        f()
with b_lock:
    with a_lock:
        g()
""",
        """\
with a_lock:
    with b_lock:
        f()
with a_lock:
    with b_lock:
        g()
""",
    ),
    (
        """\
with a.lock, b.lock:
    f()
with b.lock, a.lock:
    g()
""",
        """\
with a.lock, b.lock:
    f()
with a.lock, b.lock:
    g()
""",
    ),
)
