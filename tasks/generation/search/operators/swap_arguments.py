"""Two neighbouring arguments exchanged."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tasks.generation.search.operators.definition import operator
from tasks.generation.search.scope import Change, Scope


@operator(
    ast.Call,
    examples=(("def f(a, b):\n    return g(a, b)\n", "def f(a, b):\n    return g(b, a)\n"),),
)
def swap_arguments(node: ast.Call, scope: Scope) -> Iterator[Change]:
    for first, second in zip(node.args, node.args[1:], strict=False):
        if isinstance(first, ast.Starred) or isinstance(second, ast.Starred):
            continue
        (start, middle), (resume, end) = scope.file.span(first), scope.file.span(second)
        between = scope.file.text[middle:resume]
        if "(" not in between and ")" not in between:
            yield scope.span_edit(start, end, scope.text(second) + between + scope.text(first))
