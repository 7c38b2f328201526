"""A key, attribute or text constant that is nearly another one known nearby or in the failing tests."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterator

from tasks.generation.search.operators.definition import operator
from tasks.generation.search.scope import Change, Scope


@operator(
    ast.Constant,
    examples=(
        (
            "def f(d):\n    d['value'] = 1\n    return d['valeu']\n",
            "def f(d):\n    d['value'] = 1\n    return d['value']\n",
        ),
    ),
)
def correct_spelling(node: ast.Constant, scope: Scope) -> Iterator[Change]:
    value = node.value
    if (
        not isinstance(value, str)
        or not 1 < len(value) < 60
        or isinstance(scope.parent(node), ast.Expr | ast.JoinedStr)
    ):
        return
    names = scope.file.attribute_names if value.isidentifier() else []
    known = dict.fromkeys([*scope.file.strings, *scope.facts.strings, *names, *scope.local_names])
    near = difflib.get_close_matches(value, [k for k in known if k != value and 0 < len(k) < 60], n=4, cutoff=0.6)
    for other in near:
        yield scope.replace(node, repr(other), 2 * difflib.SequenceMatcher(None, value, other).ratio() - 0.8)
