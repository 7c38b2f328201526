"""Another shape of branching: `elif` and `if` for one another, the two results of a conditional exchanged."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tasks.generation.search.operators.definition import operator
from tasks.generation.search.scope import Change, Scope


@operator(
    ast.If,
    ast.IfExp,
    examples=(
        ("def f(a):\n    return 1 if a else 2\n", "def f(a):\n    return 2 if a else 1\n"),
        (
            "def f(a, b):\n    if a:\n        b = 1\n    if b:\n        b = 2\n    return b\n",
            "def f(a, b):\n    if a:\n        b = 1\n    elif b:\n        b = 2\n    return b\n",
        ),
    ),
)
def change_branch(node: ast.If | ast.IfExp, scope: Scope) -> Iterator[Change]:
    if isinstance(node, ast.IfExp):
        test = scope.text(node.test)
        yield scope.replace(node, f"{scope.text(node.orelse)} if {test} else {scope.text(node.body)}")
        return
    start = scope.file.span(node)[0]
    block = scope.block_of(node)
    if scope.file.text.startswith("elif", start):
        yield scope.span_edit(start, start + 4, "if", 0.8)
    elif node in block and block.index(node) > 0:
        before = block[block.index(node) - 1]
        if isinstance(before, ast.If) and not before.orelse and scope.indent(node) == scope.indent(before):
            yield scope.span_edit(start, start + 2, "elif", 0.8)
