"""A statement that should only run under a condition: it moves below an `if`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tasks.generation.search.operators.definition import operator
from tasks.generation.search.scope import Change, Scope


@operator(
    ast.Expr,
    ast.Assign,
    ast.AugAssign,
    ast.Delete,
    ast.Raise,
    ast.Return,
    examples=(("def f(a, b):\n    b.g(a)\n", "def f(a, b):\n    if a is not None:\n        b.g(a)\n"),),
)
def guard_statement(node: ast.stmt, scope: Scope) -> Iterator[Change]:
    indent = scope.indent(node)
    if indent is None or scope.function is None:
        return
    start, end = scope.file.span(node)
    body = scope.file.text[start:end]
    if scope.newline in body:
        return
    used = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
    for condition, weight in _conditions(used, scope):
        yield scope.span_edit(start, end, f"if {condition}:{scope.newline}{indent}{scope.step}{body}", weight)


def _conditions(used: set[str], scope: Scope) -> Iterator[tuple[str, float]]:
    for name in scope.local_names[:12]:
        near = 1.0 if name in used else 0.4
        yield name, 0.6 * near
        yield f"{name} is not None", 0.8 * near
        yield f"not {name}", 0.4 * near
        yield f"{name} is None", 0.2 * near
    for condition in scope.conditions[:8]:
        yield condition, 0.4
        if " and " not in condition and " or " not in condition:
            yield f"not {condition}", 0.3
