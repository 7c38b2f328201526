"""A function that computes a result and forgets to return it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tasks.generation.search.operators.definition import operator
from tasks.generation.search.scope import Change, Scope


@operator(
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    examples=(("def f(a):\n    b = a\n", "def f(a):\n    b = a\n    return b\n"),),
)
def append_return(node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope) -> Iterator[Change]:
    last = node.body[-1]
    if isinstance(last, ast.Return | ast.Raise):
        return
    for name in [*reversed(scope.local_names[-6:]), "self", "True", "False", "[]"]:
        if name != "self" or "self" in scope.parameters:
            yield from scope.insert_after(last, [f"return {name}"], 0.5)
