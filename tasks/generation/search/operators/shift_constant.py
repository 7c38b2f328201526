"""A number moved by one, to zero, one or two, or to its negative; a truth value flipped."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tasks.generation.search.operators.definition import operator
from tasks.generation.search.scope import Change, Scope


@operator(
    ast.Constant,
    examples=(
        ("def f(a):\n    return a[1]\n", "def f(a):\n    return a[0]\n"),
        ("def f(a):\n    return a + 1\n", "def f(a):\n    return a + 2\n"),
        ("def f(a):\n    a.x = True\n", "def f(a):\n    a.x = False\n"),
    ),
)
def shift_constant(node: ast.Constant, scope: Scope) -> Iterator[Change]:
    value = node.value
    if isinstance(value, bool):
        yield scope.replace(node, str(not value))
        yield scope.replace(node, "None", 0.2)
    elif isinstance(value, int):
        yield from _numbers(node, value, scope)
    elif isinstance(value, float):
        for other in (value * 10, value / 10, value + 1, -value, 0.0, 1.0):
            if other != value:
                yield scope.replace(node, repr(other), 0.3)
    elif value is None and not isinstance(scope.parent(node), ast.Expr | ast.Slice):
        for text, weight in (
            ("False", 0.4),
            ("True", 0.4),
            ("''", 0.3),
            ("0", 0.3),
            ("[]", 0.3),
            ("{}", 0.2),
            ("()", 0.2),
        ):
            yield scope.replace(node, text, weight)


def _numbers(node: ast.Constant, value: int, scope: Scope) -> Iterator[Change]:
    others = {
        value - 1: 1.0,
        value + 1: 1.0,
        0: 0.6,
        1: 0.6,
        2: 0.2,
        -1: 0.4,
        -value: 0.4,
        value * 2: 0.1,
        value * 10: 0.1,
    }
    for other, weight in others.items():
        if other != value:
            yield scope.replace(
                node, str(other) if other >= 0 else f"({other})" if _inside_power(node, scope) else str(other), weight
            )
    if value in (0, 1):
        yield scope.replace(node, "None", 0.2)
        yield scope.replace(node, str(bool(value)), 0.1)


def _inside_power(node: ast.Constant, scope: Scope) -> bool:
    return isinstance(scope.parent(node), ast.BinOp | ast.Attribute)
