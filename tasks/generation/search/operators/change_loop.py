"""`while` and `if` for one another, and the condition of an endless loop from the values it consumes."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tasks.generation.search.operators.definition import operator
from tasks.generation.search.scope import Change, Scope


@operator(
    ast.While,
    ast.If,
    examples=(
        ("def f(a):\n    if a:\n        a.pop()\n", "def f(a):\n    while a:\n        a.pop()\n"),
        ("def f(a):\n    while True:\n        a.pop()\n", "def f(a):\n    while a:\n        a.pop()\n"),
    ),
)
def change_loop(node: ast.While | ast.If, scope: Scope) -> Iterator[Change]:
    start, end = scope.file.span(node)[0], scope.file.span(node.test)[1]
    header = scope.text(node.test)
    if node.orelse or scope.file.text[start:].startswith("elif"):
        return
    yield scope.span_edit(start, end, f"{'if' if isinstance(node, ast.While) else 'while'} {header}", 0.4)
    if isinstance(node, ast.While):
        for name in scope.local_names[:10]:
            if name != header:
                yield scope.replace(node.test, name, 0.8 if isinstance(node.test, ast.Constant) else 0.3)
