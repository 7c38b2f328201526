"""A guard that leaves early: `if not x: return ...` above a statement, from what the function knows."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tasks.generation.search.operators.definition import operator
from tasks.generation.search.scope import Change, Scope


@operator(
    ast.stmt,
    examples=(
        ("def f(a):\n    return a[0]\n", "def f(a):\n    if not a:\n        return None\n    return a[0]\n"),
        (
            "def f(a):\n    for b in a:\n        g(b)\n",
            "def f(a):\n    for b in a:\n        if b is None:\n            continue\n        g(b)\n",
        ),
    ),
)
def insert_guard(node: ast.stmt, scope: Scope) -> Iterator[Change]:
    if scope.function is None or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return
    if isinstance(scope.parent(node), ast.If) and isinstance(node, ast.If) and scope.text(node).startswith("elif"):
        return
    used = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
    exits = list(_exits(node, used, scope))
    for condition, weight in _conditions(used, scope):
        for exit_text, share in exits:
            yield from scope.insert_before(node, [f"if {condition}:", f"{scope.step}{exit_text}"], weight * share)


def _conditions(used: set[str], scope: Scope) -> Iterator[tuple[str, float]]:
    for name in scope.local_names[:10]:
        if name in used or name in scope.parameters:
            near = 1.0 if name in used else 0.4
            yield f"not {name}", 0.8 * near
            yield f"{name} is None", 0.8 * near
            if scope.has_type(name, "int", "float"):
                yield f"{name} == 0", 0.2 * near
                yield f"{name} < 0", 0.2 * near
    for condition, weight in scope.further_conditions[:12]:
        yield condition, 0.5 * weight
        yield f"not {condition}", 0.5 * weight
    for condition in scope.conditions[:6]:
        yield condition, 0.3
        if " and " not in condition and " or " not in condition:
            yield f"not {condition}", 0.2


def _exits(node: ast.stmt, used: set[str], scope: Scope) -> Iterator[tuple[str, float]]:
    assert scope.function is not None
    returns = [r for r in scope.nodes if isinstance(r, ast.Return) and r.value is not None]
    if _in_loop(node, scope):
        yield "continue", 0.8
        yield "break", 0.4
    if any(isinstance(n, ast.Yield | ast.YieldFrom) for n in scope.nodes) or not returns:
        yield "return", 0.8
        return
    values = ["None", *(n for n in scope.parameters if n in used and n not in ("self", "cls"))]
    values += [
        scope.text(r.value) for r in returns if r.value is not None and not isinstance(r.value, ast.Call | ast.BinOp)
    ]
    values += ["False", "True", "0", "''", "[]", "{}"]
    seen = [scope.text(r.value) for r in returns if r.value is not None]
    for value in list(dict.fromkeys(values))[:6]:
        if "\n" not in value:
            yield f"return {value}", 0.9 if value in seen else 0.5


def _in_loop(node: ast.stmt, scope: Scope) -> bool:
    parent = scope.parent(node)
    while parent is not None and parent is not scope.function:
        if isinstance(parent, ast.For | ast.While | ast.AsyncFor):
            return True
        if isinstance(parent, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            return False
        parent = scope.parent(parent)
    return False
