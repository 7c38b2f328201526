"""A call that should not be there: `f(x)` becomes `x`, `x.strip()` becomes `x`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tasks.generation.search.operators.definition import operator
from tasks.generation.search.scope import Change, Scope


@operator(
    ast.Call,
    examples=(
        ("def f(a):\n    return str(a)\n", "def f(a):\n    return a\n"),
        ("def f(a):\n    return a.lower()\n", "def f(a):\n    return a\n"),
    ),
)
def unwrap_call(node: ast.Call, scope: Scope) -> Iterator[Change]:
    for argument in node.args:
        if not isinstance(argument, ast.Starred):
            yield scope.replace(node, scope.text(argument), 1.0 / len(node.args))
    if isinstance(node.func, ast.Attribute) and not (
        isinstance(node.func.value, ast.Name) and node.func.value.id in scope.imported
    ):
        yield scope.replace(node, scope.text(node.func.value), 0.5)
