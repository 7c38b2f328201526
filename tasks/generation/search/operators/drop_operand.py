"""One side of a boolean, arithmetic or conditional expression alone; a stray `not` or minus removed."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tasks.generation.search.operators.definition import operator
from tasks.generation.search.scope import Change, Scope


@operator(
    ast.BoolOp,
    ast.BinOp,
    ast.IfExp,
    ast.UnaryOp,
    examples=(
        ("def f(a, b):\n    return a and b\n", "def f(a, b):\n    return a\n"),
        ("def f(a):\n    return -a\n", "def f(a):\n    return a\n"),
    ),
)
def drop_operand(node: ast.expr, scope: Scope) -> Iterator[Change]:
    if isinstance(node, ast.BoolOp):
        for index in range(len(node.values)):
            start, end = scope.file.span(node.values[index])
            if index:
                yield scope.span_edit(scope.file.span(node.values[index - 1])[1], end, "")
            else:
                yield scope.span_edit(start, scope.file.span(node.values[1])[0], "")
    elif isinstance(node, ast.BinOp):
        yield scope.replace(node, scope.text(node.left), 0.6)
        yield scope.replace(node, scope.text(node.right), 0.6)
    elif isinstance(node, ast.IfExp):
        yield scope.replace(node, scope.text(node.body), 0.8)
        yield scope.replace(node, scope.text(node.orelse), 0.8)
    elif isinstance(node, ast.UnaryOp) and not isinstance(node.operand, ast.Constant):
        yield scope.replace(node, scope.text(node.operand), 0.8)
