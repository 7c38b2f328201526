"""`d[k]` and `d.get(k)` exchanged, with the usual defaults; `pop` with a default."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tasks.generation.search.operators.definition import operator
from tasks.generation.search.scope import Change, Scope


@operator(
    ast.Subscript,
    ast.Call,
    examples=(
        ("def f(d, k):\n    return d[k]\n", "def f(d, k):\n    return d.get(k)\n"),
        ("def f(d, k):\n    return d.get(k)\n", "def f(d, k):\n    return d[k]\n"),
        ("def f(d, k):\n    return d.pop(k)\n", "def f(d, k):\n    return d.pop(k, None)\n"),
    ),
)
def lookup_with_default(node: ast.Subscript | ast.Call, scope: Scope) -> Iterator[Change]:
    if isinstance(node, ast.Subscript):
        if not isinstance(node.ctx, ast.Load) or isinstance(node.slice, ast.Slice):
            return
        if isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, int):
            return
        head, key = scope.text(node.value), scope.text(node.slice)
        for default in ("", ", ''", ", 0", ", []", ", {}", f", {key}"):
            yield scope.replace(node, f"{head}.get({key}{default})", 0.6 if not default else 0.3)
        return
    if not isinstance(node.func, ast.Attribute) or not node.args or node.keywords:
        return
    head, key = scope.text(node.func.value), scope.text(node.args[0])
    if node.func.attr == "get":
        yield scope.replace(node, f"{head}[{key}]", 0.8)
        for default in ("''", "0", "[]", "{}", "False", key):
            yield scope.replace(node, f"{head}.get({key}, {default})", 0.3)
    elif node.func.attr == "pop" and len(node.args) == 1 and not isinstance(node.args[0], ast.Constant):
        yield scope.replace(node, f"{head}.pop({key}, None)", 0.8)
