"""Another attribute of the same object: those that the class uses, nearest by name first."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterator

from tasks.generation.search.operators.definition import operator
from tasks.generation.search.scope import Change, Scope


@operator(
    ast.Attribute,
    examples=(
        (
            "class A:\n    def f(self):\n        self.low, self.high = 1, 2\n        return self.low\n",
            "class A:\n    def f(self):\n        self.low, self.high = 1, 2\n        return self.high\n",
        ),
    ),
)
def replace_attribute(node: ast.Attribute, scope: Scope) -> Iterator[Change]:
    parent = scope.parent(node)
    called = isinstance(parent, ast.Call) and parent.func is node
    own = isinstance(node.value, ast.Name) and node.value.id == "self"
    names = scope.attributes if own else _used_on(scope.text(node.value), scope)
    end = scope.file.span(node)[1]
    for name in names[:40]:
        if name == node.attr or (own and (name in scope.methods) != (node.attr in scope.methods)):
            continue
        closeness = difflib.SequenceMatcher(None, name, node.attr).ratio()
        weight = (0.3 + closeness) * (0.5 if called else 1.0)
        yield scope.span_edit(end - len(node.attr), end, name, weight)


def _used_on(value: str, scope: Scope) -> list[str]:
    if "used_on" not in scope.memory:
        around = scope.file.nodes if scope.class_node is None else ast.walk(scope.class_node)
        used: dict[str, dict[str, None]] = {}
        for node in around:
            if isinstance(node, ast.Attribute):
                used.setdefault(scope.text(node.value), {})[node.attr] = None
        scope.memory["used_on"] = used
    return list(scope.memory["used_on"].get(value, ()))
