"""A text constant brought in line with what the failing tests expect to read, where both are nearly the same."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterator

from tasks.generation.search.operators.definition import operator
from tasks.generation.search.scope import Change, Scope

_SHORTEST = 6


@operator(
    ast.Constant,
    examples=(("def f(a):\n    return 'number is empti'\n", "def f(a):\n    return 'number is empty'\n"),),
)
def align_text(node: ast.Constant, scope: Scope) -> Iterator[Change]:
    value = node.value
    if not isinstance(value, str) or len(value) < _SHORTEST or isinstance(scope.parent(node), ast.Expr | ast.JoinedStr):
        return
    for expected in dict.fromkeys([*scope.facts.messages, *scope.facts.expected]):
        for part in dict.fromkeys([expected, *expected.splitlines()]):
            aligned = _aligned(value, part)
            if aligned is not None and aligned != value:
                yield scope.replace(node, repr(aligned), 1.5)


def _aligned(value: str, expected: str) -> str | None:
    """The part of `expected` that corresponds to `value`; None when they are not nearly the same."""
    if len(expected) > 2000:
        return None
    blocks = difflib.SequenceMatcher(None, value, expected, autojunk=False).get_matching_blocks()[:-1]
    if sum(block.size for block in blocks) < 0.6 * len(value):
        return None
    start = blocks[0].b - blocks[0].a if blocks[0].a <= 3 else blocks[0].b
    rest = len(value) - (blocks[-1].a + blocks[-1].size)
    end = blocks[-1].b + blocks[-1].size + (rest if rest <= 3 else 0)
    found = expected[max(0, start) : end]
    return found if 0.5 < len(found) / len(value) < 2 else None
