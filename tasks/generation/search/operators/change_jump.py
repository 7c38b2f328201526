"""`break`, `continue`, `return` and `pass` for one another."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tasks.generation.search.operators.definition import operator
from tasks.generation.search.scope import Change, Scope

_OTHERS = {
    ast.Break: ("continue", "return", "pass"),
    ast.Continue: ("break", "return", "pass"),
    ast.Pass: ("continue", "break", "return", "raise"),
}


@operator(
    ast.Break,
    ast.Continue,
    ast.Pass,
    ast.Return,
    examples=(
        ("def f(a):\n    for b in a:\n        break\n", "def f(a):\n    for b in a:\n        continue\n"),
        ("def f(a):\n    for b in a:\n        return\n", "def f(a):\n    for b in a:\n        continue\n"),
    ),
)
def change_jump(node: ast.stmt, scope: Scope) -> Iterator[Change]:
    if isinstance(node, ast.Return):
        others: tuple[str, ...] = ("continue", "break") if _in_loop(node, scope) else ()
    else:
        others = _OTHERS[type(node)]
    for other in others:
        yield scope.span_edit(*scope.file.span(node), other)


def _in_loop(node: ast.stmt, scope: Scope) -> bool:
    parent = scope.parent(node)
    while parent is not None and not isinstance(parent, ast.FunctionDef | ast.AsyncFunctionDef):
        if isinstance(parent, ast.For | ast.While):
            return True
        parent = scope.parent(parent)
    return False
