"""A list, dict or set as default, shared by all calls: `None` instead, made anew inside."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tasks.generation.search.operators.definition import operator
from tasks.generation.search.scope import Change, Scope


@operator(
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    examples=(
        (
            "def f(a, b=[]):\n    b.append(a)\n    return b\n",
            "def f(a, b=None):\n    if b is None:\n        b = []\n    b.append(a)\n    return b\n",
        ),
    ),
)
def mutable_default(node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope) -> Iterator[Change]:
    first = node.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and len(node.body) > 1:
        first = node.body[1]
    indent = scope.indent(first)
    if indent is None:
        return
    start = scope.file.line_start(scope.first_line(first))
    arguments = node.args.args[len(node.args.args) - len(node.args.defaults) :]
    pairs = [
        *zip(arguments, node.args.defaults, strict=False),
        *zip(node.args.kwonlyargs, node.args.kw_defaults, strict=False),
    ]
    for argument, default in pairs:
        if isinstance(default, ast.List | ast.Dict | ast.Set | ast.Call):
            name, value = argument.arg, scope.text(default)
            guard = scope.lines([f"if {name} is None:", f"{scope.step}{name} = {value}"], indent)
            edits = (*scope.replace(default, "None").edits, *scope.span_edit(start, start, guard).edits)
            yield Change(edits, 2.0)
