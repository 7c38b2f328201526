"""A text constant where another one of the function, the module or the failing tests was meant."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tasks.generation.search.operators.definition import operator
from tasks.generation.search.scope import Change, Scope


@operator(
    ast.Constant,
    examples=(
        (
            "def f(a):\n    return a.split(',') if ';' in a else [a]\n",
            "def f(a):\n    return a.split(';') if ';' in a else [a]\n",
        ),
    ),
)
def replace_string(node: ast.Constant, scope: Scope) -> Iterator[Change]:
    value = node.value
    if not isinstance(value, str) or isinstance(scope.parent(node), ast.Expr | ast.JoinedStr) or len(value) > 40:
        return
    nearby = [n.value for n in scope.nodes if isinstance(n, ast.Constant)]
    texts = dict.fromkeys([v for v in nearby if isinstance(v, str)][:20] + list(scope.facts.strings[:20]))
    texts.update(
        dict.fromkeys(
            [
                "",
                " ",
                ",",
                ", ",
                "\n",
                value.strip(),
                value + " ",
                " " + value,
                value.lower(),
                value.upper(),
                value + "s",
                value[:-1],
                value + "\n",
            ]
        )
    )
    for text in texts:
        if text != value and len(text) <= 60:
            size = abs(len(text) - len(value))
            yield scope.replace(node, repr(text), 0.8 / (1 + 0.2 * size))
