"""Another arithmetic or bit operator, the likeliest slip first, also in augmented assignments."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tasks.generation.search.operators.definition import operator
from tasks.generation.search.scope import Change, Scope

_OTHERS = {
    ast.Add: ("+", ("-", "*", "|")), ast.Sub: ("-", ("+", "//", "*")), ast.Mult: ("*", ("/", "+", "**", "//")),
    ast.Div: ("/", ("//", "*", "-")), ast.FloorDiv: ("//", ("/", "%", "*")), ast.Mod: ("%", ("//", "*", "/")),
    ast.Pow: ("**", ("*", "^")), ast.BitAnd: ("&", ("|", "^")), ast.BitOr: ("|", ("&", "^", "+")),
    ast.BitXor: ("^", ("&", "|", "**")), ast.LShift: ("<<", (">>", "**")), ast.RShift: (">>", ("<<", "//")),
}  # fmt: skip


@operator(
    ast.BinOp,
    ast.AugAssign,
    examples=(
        ("def f(a, b):\n    return a - b\n", "def f(a, b):\n    return a + b\n"),
        ("def f(a, b):\n    a /= b\n    return a\n", "def f(a, b):\n    a //= b\n    return a\n"),
    ),
)
def swap_arithmetic(node: ast.BinOp | ast.AugAssign, scope: Scope) -> Iterator[Change]:
    if type(node.op) not in _OTHERS:
        return
    left, right = (node.left, node.right) if isinstance(node, ast.BinOp) else (node.target, node.value)
    if isinstance(node.op, ast.Mod) and isinstance(left, ast.Constant | ast.JoinedStr) and not _is_number(left):
        return
    start, end = scope.file.span(left)[1], scope.file.span(right)[0]
    between = scope.file.text[start:end]
    old, others = _OTHERS[type(node.op)]
    if between.count(old) != 1:
        return
    for rank, new in enumerate(others):
        yield scope.span_edit(start, end, between.replace(old, new), 1.0 / (1 + rank))


def _is_number(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, int | float)
