"""A coroutine that is not awaited, or an `await` of something that is none."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tasks.generation.search.operators.definition import operator
from tasks.generation.search.scope import Change, Scope


@operator(
    ast.Call,
    ast.Await,
    examples=(
        ("async def f(a):\n    return a.g()\n", "async def f(a):\n    return await a.g()\n"),
        ("async def f(a):\n    return await a.g()\n", "async def f(a):\n    return a.g()\n"),
    ),
)
def fix_await(node: ast.Call | ast.Await, scope: Scope) -> Iterator[Change]:
    if not isinstance(scope.function, ast.AsyncFunctionDef):
        return
    if isinstance(node, ast.Await):
        yield scope.replace(node, scope.text(node.value))
    elif not isinstance(scope.parent(node), ast.Await):
        yield scope.replace(node, f"await {scope.text(node)}", 1.5)
