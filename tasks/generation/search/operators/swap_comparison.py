"""Another comparison operator: the neighbours first (`<` and `<=`), then the opposite."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tasks.generation.search.operators.definition import operator
from tasks.generation.search.scope import Change, Scope

_OTHERS: dict[type[ast.cmpop], tuple[tuple[str, float], ...]] = {
    ast.Lt: (("<=", 1.0), (">", 0.6), (">=", 0.4), ("!=", 0.2), ("==", 0.1)),
    ast.LtE: (("<", 1.0), (">=", 0.6), (">", 0.4), ("==", 0.2)),
    ast.Gt: ((">=", 1.0), ("<", 0.6), ("<=", 0.4), ("!=", 0.2), ("==", 0.1)),
    ast.GtE: ((">", 1.0), ("<=", 0.6), ("<", 0.4), ("==", 0.2)),
    ast.Eq: (("!=", 1.0), ("<=", 0.4), (">=", 0.4), ("is", 0.3), ("in", 0.3), ("<", 0.1), (">", 0.1)),
    ast.NotEq: (("==", 1.0), ("is not", 0.3), ("not in", 0.3), ("<", 0.2), (">", 0.2)),
    ast.Is: (("is not", 1.0), ("==", 0.6)),
    ast.IsNot: (("is", 1.0), ("!=", 0.6)),
    ast.In: (("not in", 1.0), ("==", 0.3)),
    ast.NotIn: (("in", 1.0), ("!=", 0.3)),
}
SYMBOLS: dict[type[ast.cmpop], str] = {
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=",
    ast.Is: "is", ast.IsNot: "is not", ast.In: "in", ast.NotIn: "not in",
}  # fmt: skip


@operator(
    ast.Compare,
    examples=(
        ("def f(a, b):\n    return a < b\n", "def f(a, b):\n    return a <= b\n"),
        ("def f(a):\n    return 0 < a < 9\n", "def f(a):\n    return 0 < a <= 9\n"),
    ),
)
def swap_comparison(node: ast.Compare, scope: Scope) -> Iterator[Change]:
    operands = [node.left, *node.comparators]
    for index, symbol in enumerate(node.ops):
        start, end = scope.file.span(operands[index])[1], scope.file.span(operands[index + 1])[0]
        between = scope.file.text[start:end]
        old = SYMBOLS[type(symbol)]
        if between.count(old) != 1:
            continue
        for new, weight in _OTHERS[type(symbol)]:
            yield scope.span_edit(start, end, between.replace(old, new), weight)
