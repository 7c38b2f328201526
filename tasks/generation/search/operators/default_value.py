"""A fallback for a missing value: `x or default`, `x if x is not None else default`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tasks.generation.search.operators.definition import operator
from tasks.generation.search.scope import Change, Scope

_DEFAULTS = ("[]", "{}", "''", "0", "()")


@operator(
    ast.Name,
    ast.Attribute,
    ast.Call,
    examples=(
        ("def f(a):\n    return len(a)\n", "def f(a):\n    return len(a or [])\n"),
        ("def f(a, b):\n    return g(a)\n", "def f(a, b):\n    return g(a or b)\n"),
    ),
)
def default_value(node: ast.expr, scope: Scope) -> Iterator[Change]:
    parent = scope.parent(node)
    loaded = isinstance(getattr(node, "ctx", ast.Load()), ast.Load)
    placed = isinstance(
        parent, ast.Call | ast.Return | ast.For | ast.Assign | ast.comprehension | ast.Starred | ast.keyword
    )
    if not loaded or not placed or (isinstance(parent, ast.Call) and parent.func is node):
        return
    if isinstance(node, ast.Name) and node.id not in scope.local_names:
        return
    text = scope.text(node)
    for value in _DEFAULTS:
        yield scope.replace(node, f"{text} or {value}", 0.3)
    for name in scope.local_names[:6]:
        if name != text:
            yield scope.replace(node, f"{text} or {name}", 0.2)
            if isinstance(node, ast.Name):
                yield scope.replace(node, f"{name} if {text} is None else {text}", 0.1)
