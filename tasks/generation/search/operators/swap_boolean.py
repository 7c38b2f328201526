"""`and` for `or`, and the other way round."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tasks.generation.search.operators.definition import operator
from tasks.generation.search.scope import Change, Scope


@operator(
    ast.BoolOp,
    examples=(("def f(a, b):\n    return a and b\n", "def f(a, b):\n    return a or b\n"),),
)
def swap_boolean(node: ast.BoolOp, scope: Scope) -> Iterator[Change]:
    old, new = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
    parts = [scope.text(node.values[0])]
    position = scope.file.span(node.values[0])[1]
    for value in node.values[1:]:
        start, end = scope.file.span(value)
        gap = scope.file.text[position:start]
        if gap.count(old) != 1:
            return
        parts += [gap.replace(old, new), scope.text(value)]
        position = end
    yield scope.replace(node, "".join(parts))
    if len(node.values) == 3:
        first, second, third = (scope.text(value) for value in node.values)
        yield scope.replace(node, f"({first} {new} {second}) {old} {third}", 0.4)
        yield scope.replace(node, f"{first} {old} ({second} {new} {third})", 0.4)
