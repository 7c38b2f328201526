"""A plain name where the attribute of the object was meant, and the other way round."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tasks.generation.search.operators.definition import operator
from tasks.generation.search.scope import Change, Scope


@operator(
    ast.Name,
    ast.Attribute,
    examples=(
        (
            "class A:\n    def f(self, x):\n        self.x = 1\n        return x\n",
            "class A:\n    def f(self, x):\n        self.x = 1\n        return self.x\n",
        ),
    ),
)
def qualify_name(node: ast.Name | ast.Attribute, scope: Scope) -> Iterator[Change]:
    if "self" not in scope.parameters:
        return
    if isinstance(node, ast.Name):
        if node.id in scope.attributes:
            yield scope.replace(node, f"self.{node.id}")
    elif isinstance(node.value, ast.Name) and node.value.id == "self" and node.attr in scope.local_names:
        yield scope.replace(node, node.attr)
