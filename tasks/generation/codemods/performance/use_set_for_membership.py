"""Look members up in a set.

What it does
    Turns a local list that is built once and then only asked `in`, at least once inside a loop, into a set.

Why it matters
    `in` on a list compares one element after the other; in a loop over n items with m members this costs n x m steps.

Example
    Before: seen = list(rows); [x for x in xs if x in seen]
    After:  seen = set(rows); [x for x in xs if x in seen]

When it does not apply
    The name is used for anything but membership, is changed, escapes the function, or the value looked up is a
    literal that cannot be hashed.

Fix safety
    hardening: same results for hashable values; values that cannot be hashed raise `TypeError`.

References
    CWE-407; https://wiki.python.org/moin/TimeComplexity
"""

from __future__ import annotations

import libcst as cst
from libcst.metadata import Assignment

from tasks.generation.codemods.base import Codemod
from tasks.generation.codemods.model import Rule
from tasks.generation.codemods.syntax import positional
from tasks.models import Domain

SOURCES = {"list", "sorted"}


class UseSetForMembership(Codemod):
    def leave_Assign(self, original_node: cst.Assign, updated_node: cst.Assign) -> cst.Assign:
        target = original_node.targets[0].target
        value = original_node.value
        if len(original_node.targets) != 1 or not isinstance(target, cst.Name):
            return updated_node
        if self.enclosing_function(original_node) is None or not self._is_list_of(value):
            return updated_node
        if not self._only_asked_for_members(target):
            return updated_node
        if not self.accept(original_node, f"look members of {target.value!r} up in a set"):
            return updated_node
        return updated_node.with_changes(value=_as_set(updated_node.value))

    def _is_list_of(self, value: cst.BaseExpression) -> bool:
        if isinstance(value, cst.ListComp):
            return _hashable(value.elt)
        return (
            isinstance(value, cst.Call)
            and bool(self.calls(value, SOURCES))
            and len(positional(value)) == 1
            and len(value.args) == 1
        )

    def _only_asked_for_members(self, name: cst.Name) -> bool:
        scope = self.scope(name)
        assignments = list(scope[name.value]) if scope is not None else []
        if len(assignments) != 1 or not isinstance(assignments[0], Assignment):
            return False
        uses = [access.node for access in assignments[0].references]
        return bool(uses) and all(self._is_membership(use) for use in uses) and any(self._in_loop(u) for u in uses)

    def _is_membership(self, use: cst.CSTNode) -> bool:
        above = self.parent(use)
        return (
            isinstance(above, cst.ComparisonTarget)
            and above.comparator is use
            and isinstance(above.operator, cst.In | cst.NotIn)
        )

    def _in_loop(self, node: cst.CSTNode) -> bool:
        for above in self.ancestors(node):
            if isinstance(above, cst.FunctionDef | cst.ClassDef):
                return False
            if isinstance(above, cst.For | cst.While | cst.BaseComp):
                return True
        return False


def _hashable(node: cst.BaseExpression) -> bool:
    return not isinstance(node, cst.List | cst.Dict | cst.Set | cst.ListComp | cst.DictComp | cst.SetComp)


def _as_set(value: cst.BaseExpression) -> cst.BaseExpression:
    if isinstance(value, cst.ListComp):
        return cst.SetComp(value.elt, value.for_in)
    return cst.ensure_type(value, cst.Call).with_changes(func=cst.Name("set"))


RULE = Rule(
    id="use_set_for_membership",
    title="Look members up in a set",
    domain=Domain.PERFORMANCE,
    safety="hardening",
    transformer=UseSetForMembership,
    hints=("= list(", "= sorted(", "= ["),
    cwe=(407,),
    words=("slow", "quadratic", "high cpu", "latency", "takes too long", "cpu usage"),
)

VALID = (
    "def f(xs, ys):\n    seen = list(ys)\n    seen.append(1)\n    return [x for x in xs if x in seen]\n",
    "def f(xs, ys):\n    seen = list(ys)\n    return [x for x in xs if x in seen], seen\n",
    "def f(x, ys):\n    seen = list(ys)\n    return x in seen\n",
)
INVALID = (
    (
        "def f(xs, ys):\n    seen = list(ys)\n    return [x for x in xs if x not in seen]\n",
        "def f(xs, ys):\n    seen = set(ys)\n    return [x for x in xs if x not in seen]\n",
    ),
    (
        "def f(xs):\n    ids = [y.id for y in ys]  # ok\n    for x in xs:\n        if x.id in ids:\n            u(x)\n",
        "def f(xs):\n    ids = {y.id for y in ys}  # ok\n    for x in xs:\n        if x.id in ids:\n            u(x)\n",
    ),
)
