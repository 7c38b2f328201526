"""The result: another value of the scope, one that was computed but not returned, a yield for a return."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tasks.generation.search.operators.definition import operator
from tasks.generation.search.scope import Change, Scope


@operator(
    ast.Return,
    ast.Expr,
    ast.Yield,
    examples=(
        ("def f(a):\n    g(a)\n", "def f(a):\n    return g(a)\n"),
        ("def f(a):\n    yield a\n", "def f(a):\n    yield from a\n"),
        ("def f(a):\n    return a\n", "def f(a):\n    return (a,)\n"),
        ("def f(a):\n    return []\n", "def f(a):\n    return [a]\n"),
        ("def f(a):\n    return True\n", "def f(a):\n    return a == 0\n"),
    ),
)
def change_return(node: ast.Return | ast.Expr | ast.Yield, scope: Scope) -> Iterator[Change]:
    if isinstance(node, ast.Expr):
        if isinstance(node.value, ast.Call):
            yield scope.span_edit(*scope.file.span(node), f"return {scope.text(node)}", 0.8)
        return
    if node.value is None:
        for name in scope.local_names[:8]:
            yield scope.span_edit(*scope.file.span(node), f"{scope.text(node)} {name}", 0.4)
        return
    text = scope.text(node.value)
    if isinstance(node, ast.Yield):
        yield scope.span_edit(*scope.file.span(node), f"yield from {text}", 0.8)
        return
    for value in ("None", "True", "False", "[]", "self", "NotImplemented"):
        if value != text and (value != "self" or "self" in scope.parameters):
            yield scope.replace(node.value, value, 0.3)
    for name in scope.local_names[:6]:
        if isinstance(node.value, ast.List) and not node.value.elts:
            yield scope.replace(node.value, f"[{name}]", 0.6)
        if isinstance(node.value, ast.Constant) and isinstance(node.value.value, bool):
            yield scope.replace(node.value, f"not {name}", 0.4)
            yield scope.replace(node.value, f"bool({name})", 0.3)
            if scope.has_type(name, "int", "float"):
                yield scope.replace(node.value, f"{name} == 0", 0.4)
    yield scope.replace(node.value, f"({text},)", 0.2)
    yield scope.replace(node.value, f"[{text}]", 0.2)
