"""A part of a value where all of it is used: its first or last element, or a slice."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tasks.generation.search.operators.definition import operator
from tasks.generation.search.scope import Change, Scope

_USUAL = (("[1:]", 0.6), ("[:-1]", 0.6), ("[0]", 0.6), ("[-1]", 0.5), ("[::-1]", 0.3), ("[1]", 0.3), ("[:]", 0.2))


@operator(
    ast.Name,
    ast.Attribute,
    ast.Call,
    examples=(
        ("def f(a):\n    return a\n", "def f(a):\n    return a[0]\n"),
        ("def f(a, n):\n    b = a[n:]\n    return a\n", "def f(a, n):\n    b = a[n:]\n    return a[n:]\n"),
    ),
)
def add_subscript(node: ast.expr, scope: Scope) -> Iterator[Change]:
    parent = scope.parent(node)
    if not isinstance(getattr(node, "ctx", ast.Load()), ast.Load) or isinstance(
        parent, ast.Attribute | ast.Expr | ast.Subscript
    ):
        return
    if isinstance(parent, ast.Call) and parent.func is node:
        return
    if isinstance(node, ast.Name) and not _is_sequence(node.id, scope):
        return
    text = scope.text(node)
    for part, weight in (*_USUAL, *_slices(scope)):
        yield scope.replace(node, text + part, weight)


def _is_sequence(name: str, scope: Scope) -> bool:
    return name in scope.local_names and scope.has_type(name, "str", "bytes", "list", "tuple", "ndarray", "deque")


def _slices(scope: Scope) -> list[tuple[str, float]]:
    """Slices that the function takes already."""
    found = [n for n in scope.nodes if isinstance(n, ast.Subscript) and isinstance(n.slice, ast.Slice)]
    texts = dict.fromkeys(scope.text(n)[len(scope.text(n.value)) :] for n in found)
    usual = {text for text, _ in _USUAL}
    return [(text, 0.6) for text in texts if text not in usual][:6]
