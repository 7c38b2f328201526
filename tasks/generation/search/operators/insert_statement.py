"""A statement that stands elsewhere in the class or function and is missing here."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator

from tasks.generation.search.operators.definition import operator
from tasks.generation.search.scope import Change, Scope

_LIMIT = 24


@operator(
    ast.stmt,
    examples=(
        (
            "def f(a):\n    a.x()\n    a.reset()\n    a.y()\n",
            "def f(a):\n    a.reset()\n    a.x()\n    a.reset()\n    a.y()\n",
        ),
    ),
)
def insert_statement(node: ast.stmt, scope: Scope) -> Iterator[Change]:
    if scope.function is None or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return
    if "donors" not in scope.memory:
        scope.memory["donors"] = _donors(scope)
    for donor, weight in scope.memory["donors"]:
        yield from scope.insert_before(node, [donor], weight)
        if node is scope.block_of(node)[-1] and not isinstance(node, ast.Return | ast.Raise | ast.Break | ast.Continue):
            yield from scope.insert_after(node, [donor], weight)


def _donors(scope: Scope) -> list[tuple[str, float]]:
    names = {*scope.parameters, *scope.local_names, *scope.imported, *scope.module_functions, *scope.module_constants}
    names |= {"self", "cls", *dir(builtins)}
    found: dict[str, float] = {}
    for root, weight in ((scope.function, 1.0), (scope.class_node, 0.5)):
        for node in ast.walk(root) if root is not None else ():
            if not isinstance(node, ast.Expr | ast.Assign | ast.AugAssign | ast.Continue | ast.Break):
                continue
            text = scope.text(node)
            used = {part.id for part in ast.walk(node) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load)}
            constant = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
            if "\n" not in text and not constant and used <= names:
                found.setdefault(text, weight)
    return list(found.items())[:_LIMIT]
