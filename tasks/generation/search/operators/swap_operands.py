"""The two sides of an operator or comparison exchanged."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tasks.generation.search.operators.definition import operator
from tasks.generation.search.scope import Change, Scope

_ORDERED = ast.Sub | ast.Div | ast.FloorDiv | ast.Mod | ast.Pow | ast.Add


@operator(
    ast.BinOp,
    ast.Compare,
    examples=(("def f(a, b):\n    return a - b\n", "def f(a, b):\n    return b - a\n"),),
)
def swap_operands(node: ast.BinOp | ast.Compare, scope: Scope) -> Iterator[Change]:
    if isinstance(node, ast.Compare):
        if len(node.ops) != 1 or not isinstance(node.ops[0], ast.In | ast.NotIn):
            return
        left, right = node.left, node.comparators[0]
    else:
        left, right = node.left, node.right
        if not isinstance(node.op, _ORDERED) or isinstance(left, ast.Constant | ast.JoinedStr):
            return
    (start, middle), (resume, end) = scope.file.span(left), scope.file.span(right)
    between = scope.file.text[middle:resume]
    if "(" in between or ")" in between or isinstance(left, ast.BinOp) or isinstance(right, ast.BinOp):
        return
    weight = 0.4 if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add) else 1.0
    yield scope.span_edit(start, end, scope.text(right) + between + scope.text(left), weight)
