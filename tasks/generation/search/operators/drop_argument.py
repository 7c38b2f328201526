"""An argument too many."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tasks.generation.search.operators.definition import operator
from tasks.generation.search.scope import Change, Scope


@operator(
    ast.Call,
    examples=(
        ("def f(a, b):\n    return g(a, b)\n", "def f(a, b):\n    return g(a)\n"),
        ("def f(a):\n    return g(a, key=1)\n", "def f(a):\n    return g(a)\n"),
    ),
)
def drop_argument(node: ast.Call, scope: Scope) -> Iterator[Change]:
    items = [scope.file.span(argument) for argument in node.args]
    items += [_keyword_span(keyword, scope) for keyword in node.keywords]
    for index, (start, end) in enumerate(items):
        if index:
            yield scope.span_edit(items[index - 1][1], end, "")
        elif len(items) > 1:
            yield scope.span_edit(start, items[1][0], "", 0.6)
        else:
            yield scope.span_edit(start, end, "", 0.4)


def _keyword_span(keyword: ast.keyword, scope: Scope) -> tuple[int, int]:
    assert keyword.end_lineno is not None and keyword.end_col_offset is not None
    start = scope.file.offset(keyword.lineno, keyword.col_offset)
    return start, scope.file.offset(keyword.end_lineno, keyword.end_col_offset)
