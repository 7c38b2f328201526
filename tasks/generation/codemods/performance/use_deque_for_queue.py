"""Take from the front of a deque.

What it does
    Turns a local list that is only appended to, extended, tested and emptied by `pop(0)` into a
    `collections.deque` with `popleft()`.

Why it matters
    `pop(0)` moves all remaining elements: emptying a queue of n takes n x n / 2 moves.

Example
    Before: queue = [start]; queue.pop(0)
    After:  queue = collections.deque([start]); queue.popleft()

When it does not apply
    The list is indexed, sliced, returned, handed on, or used in another way.

Fix safety
    hardening: the same elements in the same order.

References
    CWE-407; https://docs.python.org/3/library/collections.html#collections.deque
"""

from __future__ import annotations

import libcst as cst
from libcst.metadata import Assignment

from tasks.generation.codemods.base import Codemod
from tasks.generation.codemods.model import Rule
from tasks.generation.codemods.syntax import code_of
from tasks.models import Domain

ALLOWED = {"append", "extend", "pop", "clear"}


class UseDequeForQueue(Codemod):
    def visit_Module(self, node: cst.Module) -> None:
        self._pops: set[int] = set()

    def visit_Assign(self, node: cst.Assign) -> None:
        target = node.targets[0].target
        if len(node.targets) != 1 or not isinstance(target, cst.Name) or not isinstance(node.value, cst.List):
            return
        scope = self.scope(target)
        found = list(scope[target.value]) if scope is not None else []
        if self.enclosing_function(node) is None or len(found) != 1 or not isinstance(found[0], Assignment):
            return
        pops: list[int] = []
        for access in found[0].references:
            if not self._is_queue_use(access.node, pops):
                return
        if pops and self.wanted(node):
            self.name_for("collections.deque")
            self.accept(node, f"take from the front of {target.value!r} as a deque")
            self._pops |= {*pops, id(node)}

    def _is_queue_use(self, use: cst.CSTNode, pops: list[int]) -> bool:
        above = self.parent(use)
        if isinstance(above, cst.While | cst.If | cst.UnaryOperation | cst.BooleanOperation):
            return True
        if isinstance(above, cst.Arg):
            call = self.parent(above)
            return isinstance(call, cst.Call) and bool(self.calls(call, {"len", "bool"}))
        call = self.parent(above) if isinstance(above, cst.Attribute) else None
        if not isinstance(above, cst.Attribute) or not isinstance(call, cst.Call) or call.func is not above:
            return False
        if above.attr.value == "pop" and call.args:
            if code_of(call.args[0].value) != "0":
                return False
            pops.append(id(call))
        return above.attr.value in ALLOWED

    def leave_Assign(self, original_node: cst.Assign, updated_node: cst.Assign) -> cst.Assign:
        if id(original_node) not in self._pops:
            return updated_node
        value = cst.ensure_type(updated_node.value, cst.List)
        return updated_node.with_changes(
            value=cst.Call(self.name_for("collections.deque"), [cst.Arg(value)] if value.elements else [])
        )

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:
        if id(original_node) not in self._pops:
            return updated_node
        func = cst.ensure_type(updated_node.func, cst.Attribute)
        return updated_node.with_changes(func=func.with_changes(attr=cst.Name("popleft")), args=[])


RULE = Rule(
    id="use_deque_for_queue",
    title="Take from the front of a deque",
    domain=Domain.PERFORMANCE,
    safety="hardening",
    transformer=UseDequeForQueue,
    hints=("pop(0)",),
    cwe=(407,),
    words=("slow", "quadratic", "high cpu", "cpu usage", "queue"),
)

VALID = (
    """\
def f(a):
    q = [a]
    while q:
        x = q.pop(0)
    return q
""",
    """\
def f(a):
    q = [a]
    q.pop()
    return len(q)
""",
)
INVALID = (
    (
        """\
def f(a):
    q = [a]
    while q:
        x = q.pop(0)
        q.extend(x.children)
""",
        """\
import collections


def f(a):
    q = collections.deque([a])
    while q:
        x = q.popleft()
        q.extend(x.children)
""",
    ),
)
