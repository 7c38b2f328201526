"""The default of a parameter."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tasks.generation.search.operators.definition import operator
from tasks.generation.search.scope import Change, Scope


@operator(
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    examples=(
        ("def f(a, b=True):\n    return b\n", "def f(a, b=False):\n    return b\n"),
        ("def f(a, b):\n    return b\n", "def f(a, b=None):\n    return b\n"),
    ),
)
def change_default(node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope) -> Iterator[Change]:
    for default in [*node.args.defaults, *(d for d in node.args.kw_defaults if d is not None)]:
        for value in ("None", "True", "False", "0", "1", "''", "()"):
            if value != scope.text(default):
                yield scope.replace(default, value, 0.5)
    plain = node.args.args
    if plain and not node.args.defaults and plain[-1].arg not in ("self", "cls"):
        assert plain[-1].end_lineno is not None and plain[-1].end_col_offset is not None
        end = scope.file.offset(plain[-1].end_lineno, plain[-1].end_col_offset)
        sign = " = " if plain[-1].annotation is not None else "="
        for value in ("None", "False", "True", "0", "''"):
            yield scope.span_edit(end, end, sign + value, 0.4)
