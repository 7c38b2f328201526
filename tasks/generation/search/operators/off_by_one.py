"""One more or one less than an index, a bound, a length or a counter."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tasks.generation.search.operators.definition import operator
from tasks.generation.search.scope import Change, Scope

_COUNTING = frozenset({"len", "range", "min", "max", "int", "abs", "sum", "round"})


@operator(
    ast.Name,
    ast.Call,
    ast.Attribute,
    ast.BinOp,
    examples=(
        ("def f(a, n):\n    return a[n]\n", "def f(a, n):\n    return a[n - 1]\n"),
        ("def f(n):\n    return range(n)\n", "def f(n):\n    return range(n + 1)\n"),
        ("def f(a, n):\n    return a[n - 1]\n", "def f(a, n):\n    return a[n]\n"),
    ),
)
def off_by_one(node: ast.expr, scope: Scope) -> Iterator[Change]:
    if isinstance(node, ast.BinOp):
        if isinstance(node.op, ast.Add | ast.Sub) and isinstance(node.right, ast.Constant) and node.right.value == 1:
            yield scope.replace(node, scope.text(node.left))
        return
    if not isinstance(getattr(node, "ctx", ast.Load()), ast.Load) or not _counts(node, scope):
        return
    text = scope.text(node)
    yield scope.replace(node, f"{text} + 1")
    yield scope.replace(node, f"{text} - 1")


def _counts(node: ast.expr, scope: Scope) -> bool:
    if isinstance(node, ast.Name) and not scope.has_type(node.id, "int", "float"):
        return False
    if isinstance(node, ast.Call) and not (isinstance(node.func, ast.Name) and node.func.id in _COUNTING - {"range"}):
        return False
    parent = scope.parent(node)
    if isinstance(parent, ast.Call):
        name = parent.func.id if isinstance(parent.func, ast.Name) else ""
        return node is not parent.func and (name in _COUNTING or name in scope.module_functions or not name)
    if isinstance(parent, ast.Compare | ast.BinOp | ast.Slice | ast.Return | ast.Assign | ast.AugAssign):
        return True
    return isinstance(parent, ast.Subscript) and node is parent.slice
