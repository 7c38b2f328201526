"""Bounds of a slice added, dropped, moved to the other side or made negative; an index turned around."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tasks.generation.search.operators.definition import operator
from tasks.generation.search.scope import Change, Scope


@operator(
    ast.Subscript,
    examples=(
        ("def f(a):\n    return a[1:]\n", "def f(a):\n    return a[:]\n"),
        ("def f(a, n):\n    return a[n:]\n", "def f(a, n):\n    return a[:n]\n"),
        ("def f(a):\n    return a[0]\n", "def f(a):\n    return a[-1]\n"),
    ),
)
def change_slice(node: ast.Subscript, scope: Scope) -> Iterator[Change]:
    if not isinstance(node.ctx, ast.Load):
        return
    head = scope.text(node.value)
    if not isinstance(node.slice, ast.Slice):
        yield from _change_index(node, head, scope)
        return
    low, high, step = (
        None if part is None else scope.text(part) for part in (node.slice.lower, node.slice.upper, node.slice.step)
    )
    tail = f":{step}" if step else ""
    if low and not high:
        yield scope.replace(node, f"{head}[:{tail}]", 0.6)
        yield scope.replace(node, f"{head}[:{low}{tail}]", 0.6)
        yield scope.replace(node, f"{head}[{low}:-1{tail}]", 0.3)
        yield scope.replace(node, f"{head}[-{low}:{tail}]" if low.isalnum() else f"{head}[-({low}):{tail}]", 0.3)
    if high and not low:
        yield scope.replace(node, f"{head}[:{tail}]", 0.6)
        yield scope.replace(node, f"{head}[{high}:{tail}]", 0.6)
        yield scope.replace(node, f"{head}[1:{high}{tail}]", 0.3)
    if low and high:
        yield scope.replace(node, f"{head}[{low}:{tail}]", 0.5)
        yield scope.replace(node, f"{head}[:{high}{tail}]", 0.5)
    if not low and not high:
        yield scope.replace(node, f"{head}[1:{tail}]", 0.3)
        yield scope.replace(node, f"{head}[:-1{tail}]", 0.3)
    if step:
        yield scope.replace(node, f"{head}[{low or ''}:{high or ''}]", 0.5)


def _change_index(node: ast.Subscript, head: str, scope: Scope) -> Iterator[Change]:
    index = scope.text(node.slice)
    if index in ("0", "-1"):
        yield scope.replace(node, f"{head}[{'-1' if index == '0' else '0'}]")
        yield scope.replace(node, head, 0.3)
        yield scope.replace(node, f"{head}[{'1:' if index == '0' else ':-1'}]", 0.2)
    elif isinstance(node.slice, ast.UnaryOp) and isinstance(node.slice.op, ast.USub):
        yield scope.replace(node, f"{head}[{scope.text(node.slice.operand)}]", 0.6)
