"""A condition turned into its opposite."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tasks.generation.search.operators.definition import operator
from tasks.generation.search.scope import Change, Scope


@operator(
    ast.If,
    ast.While,
    ast.IfExp,
    ast.comprehension,
    ast.BoolOp,
    ast.Return,
    examples=(
        ("def f(a):\n    if a:\n        return 1\n", "def f(a):\n    if not a:\n        return 1\n"),
        ("def f(a):\n    if not a:\n        return 1\n", "def f(a):\n    if a:\n        return 1\n"),
    ),
)
def negate_condition(node: ast.AST, scope: Scope) -> Iterator[Change]:
    for test in _conditions(node):
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            yield scope.replace(test, scope.text(test.operand))
        elif not isinstance(test, ast.Compare) or len(test.ops) > 1:
            text = scope.text(test)
            yield scope.replace(test, f"not ({text})" if isinstance(test, ast.BoolOp | ast.IfExp) else f"not {text}")


def _conditions(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.If | ast.While | ast.IfExp):
        return [node.test]
    if isinstance(node, ast.comprehension):
        return node.ifs
    if isinstance(node, ast.BoolOp):
        return [value for value in node.values if not isinstance(value, ast.BoolOp)]
    if isinstance(node, ast.Return) and isinstance(node.value, ast.Call | ast.UnaryOp):
        return [node.value]
    return []
