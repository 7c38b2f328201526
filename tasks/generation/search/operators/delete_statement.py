"""A statement that should not be there."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tasks.generation.search.operators.definition import operator
from tasks.generation.search.scope import Change, Scope


@operator(
    ast.Expr,
    ast.Assign,
    ast.AugAssign,
    ast.If,
    ast.Return,
    ast.Raise,
    ast.Delete,
    ast.Break,
    ast.Continue,
    ast.Assert,
    ast.For,
    examples=(("def f(a):\n    a.sort()\n    return a\n", "def f(a):\n    return a\n"),),
)
def delete_statement(node: ast.stmt, scope: Scope) -> Iterator[Change]:
    if scope.indent(node) is None or scope.function is None or _is_docstring(node):
        return
    weight = 0.3 if isinstance(node, ast.For) or (isinstance(node, ast.If) and len(node.body) > 3) else 1.0
    assert node.end_lineno is not None
    start, end = scope.file.span(node)
    if len(scope.block_of(node)) == 1:
        yield scope.span_edit(start, end, "pass", weight)
        return
    rest = scope.file.text[end : scope.file.line_start(node.end_lineno + 1)]
    if not rest.strip() or rest.lstrip().startswith("#"):
        yield scope.span_edit(
            scope.file.line_start(node.lineno), scope.file.line_start(node.end_lineno + 1), "", weight
        )
    if isinstance(node, ast.If) and not node.orelse and scope.text(node).startswith("if") and len(node.body) == 1:
        yield scope.span_edit(start, end, scope.text(node.body[0]), 0.5)


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
