"""An exception that the failing test met is handled where it arises, in the way the function ends elsewhere."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tasks.generation.search.operators.definition import operator
from tasks.generation.search.scope import Change, Scope


@operator(
    ast.Assign,
    ast.Return,
    ast.Expr,
    examples=(
        (
            "def f(a):\n    return int(a)\n",
            "def f(a):\n    try:\n        return int(a)\n    except ValueError:\n        return None\n",
        ),
    ),
)
def catch_exception(node: ast.stmt, scope: Scope) -> Iterator[Change]:
    indent = scope.indent(node)
    if indent is None or scope.function is None or scope.newline in scope.text(node):
        return
    if not any(isinstance(part, ast.Call | ast.Subscript | ast.Attribute | ast.BinOp) for part in ast.walk(node)):
        return
    kinds = [
        kind
        for kind in scope.facts.error_types
        if kind not in ("Exception", "BaseException", "AssertionError", "object")
    ]
    for kind in kinds[:3] or ["ValueError"]:
        for ending, weight in _endings(node, scope):
            start, end = scope.file.span(node)
            step = indent + scope.step
            lines = ["try:", step + scope.text(node), f"{indent}except {kind}:", step + ending]
            yield scope.span_edit(start, end, scope.newline.join(lines), weight)


def _endings(node: ast.stmt, scope: Scope) -> Iterator[tuple[str, float]]:
    assert scope.function is not None
    target = scope.text(node.targets[0]) if isinstance(node, ast.Assign) and len(node.targets) == 1 else None
    if target is not None:
        yield f"{target} = None", 0.5
    else:
        yield "pass", 0.2
    for value in ("None", "False", "[]", "default"):
        if value != "default" or value in scope.parameters:
            yield f"return {value}", 0.4
    for kind, _ in scope.facts.raises[:2]:
        for message in scope.facts.messages[:2]:
            yield f"raise {kind}({message!r}) from None", 0.5
