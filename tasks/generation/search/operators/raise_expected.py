"""The error that the failing test expects, raised with its message under a condition that the scope offers."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tasks.generation.search.operators.definition import operator
from tasks.generation.search.scope import Change, Scope


@operator(
    ast.stmt,
    examples=(
        (
            "def f(a):\n    return 1 / a\n",
            "def f(a):\n    if not a:\n        raise ValueError('empty')\n    return 1 / a\n",
        ),
    ),
)
def raise_expected(node: ast.stmt, scope: Scope) -> Iterator[Change]:
    if scope.function is None or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return
    used = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
    for kind, message in scope.facts.raises:
        text = f"raise {kind}({message!r})" if message else f"raise {kind}"
        for name in scope.local_names[:8]:
            near = 1.0 if name in used else 0.5
            for condition in _conditions(name, scope):
                yield from scope.insert_before(node, [f"if {condition}:", f"{scope.step}{text}"], near)
        for condition in scope.conditions[:6]:
            yield from scope.insert_before(node, [f"if {condition}:", f"{scope.step}{text}"], 0.3)


def _conditions(name: str, scope: Scope) -> list[str]:
    conditions = [f"not {name}", f"{name} is None"]
    if scope.has_type(name, "int", "float"):
        conditions += [f"{name} < 0", f"{name} <= 0", f"{name} == 0", f"{name} < 1"]
    return conditions
