"""A conditional expression around a value: the value itself, or what the condition makes of it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tasks.generation.search.operators.definition import operator
from tasks.generation.search.scope import Change, Scope


@operator(
    ast.Return,
    ast.Assign,
    examples=(("def f(a):\n    return a.x\n", "def f(a):\n    return a.x if a else None\n"),),
)
def wrap_condition(node: ast.Return | ast.Assign, scope: Scope) -> Iterator[Change]:
    if (
        node.value is None
        or scope.newline in scope.text(node.value)
        or isinstance(node.value, ast.IfExp | ast.Constant)
    ):
        return
    text = scope.text(node.value)
    used = {part.id for part in ast.walk(node.value) if isinstance(part, ast.Name)}
    for name in scope.local_names[:8]:
        if name in used:
            for other in ("None", name, "''", "0", "[]"):
                if other != text:
                    yield scope.replace(node.value, f"{text} if {name} else {other}", 0.4)
                    yield scope.replace(node.value, f"{text} if {name} is not None else {other}", 0.3)
