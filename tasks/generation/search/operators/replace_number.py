"""A number where another one of the function, the module or the failing tests was meant."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tasks.generation.search.operators.definition import operator
from tasks.generation.search.scope import Change, Scope


@operator(
    ast.Constant,
    examples=(
        ("def f(a):\n    return a * 60 if a > 3600 else a\n", "def f(a):\n    return a * 3600 if a > 3600 else a\n"),
    ),
)
def replace_number(node: ast.Constant, scope: Scope) -> Iterator[Change]:
    value = node.value
    if isinstance(value, bool) or not isinstance(value, int | float):
        return
    nearby = [n.value for n in scope.nodes if isinstance(n, ast.Constant)]
    numbers = [v for v in nearby if isinstance(v, int | float) and not isinstance(v, bool)]
    usual = [n for n in (24, 60, 100, 1000, 1024, 3600) if abs(value) >= 10]
    for number in list(dict.fromkeys([*numbers, *scope.facts.numbers[:15], *usual]))[:30]:
        if number != value and abs(number - value) > 1:
            yield scope.replace(node, repr(number), 0.5)
