"""Plain and augmented assignment exchanged, and their direction turned."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tasks.generation.search.operators.definition import operator
from tasks.generation.search.scope import Change, Scope


@operator(
    ast.Assign,
    ast.AugAssign,
    examples=(
        ("def f(a):\n    n = 0\n    n = a\n    return n\n", "def f(a):\n    n = 0\n    n += a\n    return n\n"),
        ("def f(a, n):\n    n += a\n    return n\n", "def f(a, n):\n    n = a\n    return n\n"),
    ),
)
def change_assignment(node: ast.Assign | ast.AugAssign, scope: Scope) -> Iterator[Change]:
    if isinstance(node, ast.AugAssign):
        start, end = scope.file.span(node.target)[1], scope.file.span(node.value)[0]
        if "(" not in scope.file.text[start:end]:
            yield scope.span_edit(start, end, " = ")
        return
    target = node.targets[0]
    start, end = scope.file.span(target)[1], scope.file.span(node.value)[0]
    if len(node.targets) != 1 or isinstance(target, ast.Tuple | ast.List) or "(" in scope.file.text[start:end]:
        return
    yield scope.span_edit(start, end, " += ", 0.6)
    yield scope.span_edit(start, end, " -= ", 0.2)
    yield scope.span_edit(start, end, " |= ", 0.1)
