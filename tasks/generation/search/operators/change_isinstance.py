"""The types that `isinstance` and `except` accept: another one, or one more."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tasks.generation.search.operators.definition import operator
from tasks.generation.search.scope import Change, Scope

_KINDS = ("str", "int", "float", "bytes", "list", "tuple", "dict", "set")


@operator(
    ast.Call,
    examples=(
        ("def f(a):\n    return isinstance(a, list)\n", "def f(a):\n    return isinstance(a, (list, tuple))\n"),
        ("def f(a):\n    return isinstance(a, (list, int))\n", "def f(a):\n    return isinstance(a, list)\n"),
    ),
)
def change_isinstance(node: ast.Call, scope: Scope) -> Iterator[Change]:
    if not (isinstance(node.func, ast.Name) and node.func.id in ("isinstance", "issubclass") and len(node.args) == 2):
        return
    kinds = node.args[1]
    if isinstance(kinds, ast.Tuple):
        texts = [scope.text(kind) for kind in kinds.elts]
        for text in texts:
            yield scope.replace(kinds, text, 0.5)
    else:
        texts = [scope.text(kinds)]
    for kind in dict.fromkeys([*_KINDS, *_types_seen(scope)]):
        if kind not in texts:
            yield scope.replace(kinds, f"({', '.join([*texts, kind])})", 0.6)
            if len(texts) == 1:
                yield scope.replace(kinds, kind, 0.4)


def _types_seen(scope: Scope) -> list[str]:
    found = [call.args[1] for call in scope.file.calls.get("isinstance", ()) if len(call.args) == 2]
    return [scope.text(kind) for kind in found if isinstance(kind, ast.Name | ast.Attribute)][:10]
