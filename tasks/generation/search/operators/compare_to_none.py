"""Truth and presence told apart: `if x` against `if x is not None`, with `len` and empty in between."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tasks.generation.search.operators.definition import operator
from tasks.generation.search.scope import Change, Scope


@operator(
    ast.If,
    ast.While,
    ast.IfExp,
    ast.BoolOp,
    ast.UnaryOp,
    ast.Compare,
    examples=(
        ("def f(a):\n    if a:\n        return 1\n", "def f(a):\n    if a is not None:\n        return 1\n"),
        ("def f(a):\n    if not a:\n        return 1\n", "def f(a):\n    if a is None:\n        return 1\n"),
        ("def f(a):\n    if a is None:\n        return 1\n", "def f(a):\n    if not a:\n        return 1\n"),
    ),
)
def compare_to_none(
    node: ast.If | ast.While | ast.IfExp | ast.BoolOp | ast.UnaryOp | ast.Compare, scope: Scope
) -> Iterator[Change]:
    if isinstance(node, ast.UnaryOp):
        if isinstance(node.op, ast.Not) and isinstance(
            node.operand, ast.Name | ast.Attribute | ast.Call | ast.Subscript
        ):
            yield scope.replace(node, f"{scope.text(node.operand)} is None")
        return
    if isinstance(node, ast.Compare):
        if isinstance(node.comparators[0], ast.Constant) and node.comparators[0].value is None and len(node.ops) == 1:
            negated = isinstance(node.ops[0], ast.Is | ast.Eq)
            yield scope.replace(node, f"{'not ' if negated else ''}{scope.text(node.left)}")
        return
    for test in node.values if isinstance(node, ast.BoolOp) else [node.test]:
        if isinstance(test, ast.Name | ast.Attribute | ast.Call | ast.Subscript):
            yield scope.replace(test, f"{scope.text(test)} is not None")
    if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.Or) and len(node.values) == 2:
        first, second = (scope.text(value) for value in node.values)
        yield scope.replace(node, f"{second} if {first} is None else {first}", 0.5)
