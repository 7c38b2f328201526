"""A value that is changed or kept although someone else holds it: a copy instead."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tasks.generation.search.operators.definition import operator
from tasks.generation.search.scope import Change, Scope


@operator(
    ast.Assign,
    ast.Return,
    ast.Call,
    examples=(
        (
            "def f(a):\n    b = a\n    b.append(1)\n    return b\n",
            "def f(a):\n    b = list(a)\n    b.append(1)\n    return b\n",
        ),
        ("def f(self, a):\n    self.a = a\n", "def f(self, a):\n    self.a = a.copy()\n"),
    ),
)
def copy_value(node: ast.Assign | ast.Return | ast.Call, scope: Scope) -> Iterator[Change]:
    values = node.args if isinstance(node, ast.Call) else [node.value]
    for value in values:
        if not isinstance(value, ast.Name | ast.Attribute | ast.Subscript):
            continue
        text = scope.text(value)
        weight = 0.3 if isinstance(node, ast.Call) else 1.0
        for form in (f"list({text})", f"dict({text})", f"{text}.copy()", f"{text}[:]", f"set({text})"):
            yield scope.replace(value, form, weight)
        for name in ("copy.copy", "copy.deepcopy", "deepcopy"):
            if name.split(".")[0] in scope.imported:
                yield scope.replace(value, f"{name}({text})", weight)
