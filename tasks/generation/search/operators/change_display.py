"""One element more or less in a tuple, list or set written out."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tasks.generation.search.operators.definition import operator
from tasks.generation.search.scope import Change, Scope


@operator(
    ast.Tuple,
    ast.List,
    ast.Set,
    examples=(("def f(a):\n    return a in ('x', 'y')\n", "def f(a):\n    return a in ('x')\n"),),
)
def change_display(node: ast.Tuple | ast.List | ast.Set, scope: Scope) -> Iterator[Change]:
    if not isinstance(getattr(node, "ctx", ast.Load()), ast.Load) or not node.elts:
        return
    spans = [scope.file.span(element) for element in node.elts]
    for index in range(1, len(spans)):
        yield scope.span_edit(spans[index - 1][1], spans[index][1], "", 0.5)
    if all(isinstance(element, ast.Constant) and isinstance(element.value, str) for element in node.elts):
        known = {element.value for element in node.elts if isinstance(element, ast.Constant)}
        for text in scope.facts.strings[:12]:
            if text not in known and len(text) < 30:
                yield scope.span_edit(spans[-1][1], spans[-1][1], f", {text!r}", 0.4)
    if (
        isinstance(node, ast.Tuple)
        and len(node.elts) == 2
        and all(isinstance(e, ast.Name | ast.Attribute) for e in node.elts)
    ):
        (start, middle), (resume, end) = spans
        yield scope.span_edit(
            start,
            end,
            scope.file.text[resume:end] + scope.file.text[middle:resume] + scope.file.text[start:middle],
            0.6,
        )
