"""A statement one place too early or too late, or at the wrong depth."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tasks.generation.search.operators.definition import operator
from tasks.generation.search.scope import Change, Scope


@operator(
    ast.Expr,
    ast.Assign,
    ast.AugAssign,
    ast.Return,
    ast.If,
    ast.For,
    examples=(
        ("def f(a):\n    a.x()\n    a.y()\n", "def f(a):\n    a.y()\n    a.x()\n"),
        (
            "def f(a):\n    for b in a:\n        g(b)\n        return b\n",
            "def f(a):\n    for b in a:\n        g(b)\n    return b\n",
        ),
    ),
)
def move_statement(node: ast.stmt, scope: Scope) -> Iterator[Change]:
    indent = scope.indent(node)
    block = scope.block_of(node)
    if indent is None or scope.function is None or (len(block) == 1 and not isinstance(scope.parent(node), ast.For)):
        return
    place = block.index(node)
    if place + 1 < len(block) and scope.indent(block[place + 1]) == indent:
        following = block[place + 1]
        (start, middle), (resume, end) = scope.file.span(node), scope.file.span(following)
        if scope.first_line(following) == following.lineno:
            yield scope.span_edit(start, end, scope.text(following) + scope.file.text[middle:resume] + scope.text(node))
    if node is block[-1] and place > 0:
        yield from _outdent(node, indent, scope)
    if place > 0:
        yield from _indent(node, block[place - 1], indent, scope)


def _outdent(node: ast.stmt, indent: str, scope: Scope) -> Iterator[Change]:
    """Out of the block that it ends, when nothing else follows there."""
    parent = scope.parent(node)
    if not isinstance(parent, ast.For | ast.While | ast.If | ast.With) or getattr(parent, "orelse", None):
        return
    outer = scope.indent(parent)
    if outer is None or scope.newline in scope.text(node):
        return
    start, end = scope.file.span(node)
    yield scope.span_edit(start - len(indent), end, outer + scope.text(node), 0.6)


def _indent(node: ast.stmt, before: ast.stmt, indent: str, scope: Scope) -> Iterator[Change]:
    """Into the block that ends right above it."""
    if not isinstance(before, ast.For | ast.While | ast.If | ast.With) or scope.newline in scope.text(node):
        return
    start, end = scope.file.span(node)
    yield scope.span_edit(start, end, scope.step + scope.text(node), 0.4)
