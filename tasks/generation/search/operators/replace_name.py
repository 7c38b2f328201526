"""A variable where another one in scope was meant; those seen with the same type first."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterator

from tasks.generation.search.operators.definition import operator
from tasks.generation.search.scope import Change, Scope


@operator(
    ast.Name,
    examples=(("def f(low, high):\n    return low\n", "def f(low, high):\n    return high\n"),),
)
def replace_name(node: ast.Name, scope: Scope) -> Iterator[Change]:
    parent = scope.parent(node)
    if isinstance(parent, ast.Call) and parent.func is node:
        return
    if isinstance(node.ctx, ast.Load):
        for name in scope.local_names:
            if name != node.id:
                closeness = difflib.SequenceMatcher(None, name, node.id).ratio()
                yield scope.replace(node, name, scope.likeness(name, node.id) * (0.6 + 0.8 * closeness))
        if node.id in scope.module_constants:
            for name in scope.module_constants[:40]:
                closeness = difflib.SequenceMatcher(None, name, node.id).ratio()
                if name != node.id and closeness > 0.4:
                    yield scope.replace(node, name, closeness)
    elif isinstance(node.ctx, ast.Store) and isinstance(parent, ast.Assign):
        for name in scope.local_names:
            if name != node.id:
                yield scope.replace(node, name, 0.25 * scope.likeness(name, node.id))
