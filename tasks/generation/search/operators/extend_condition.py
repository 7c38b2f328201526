"""A condition made stricter or laxer with another one that the code around it knows."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tasks.generation.search.operators.definition import operator
from tasks.generation.search.scope import Change, Scope


@operator(
    ast.If,
    ast.While,
    ast.IfExp,
    ast.comprehension,
    examples=(
        ("def f(a, b):\n    if a:\n        return b\n", "def f(a, b):\n    if a and b:\n        return b\n"),
        ("def f(a, b):\n    if a:\n        return b\n", "def f(a, b):\n    if a or not b:\n        return b\n"),
        (
            "def f(a):\n    if a.next is None:\n        return 1\n",
            "def f(a):\n    if a is None or a.next is None:\n        return 1\n",
        ),
    ),
)
def extend_condition(node: ast.If | ast.While | ast.IfExp | ast.comprehension, scope: Scope) -> Iterator[Change]:
    for test in node.ifs if isinstance(node, ast.comprehension) else [node.test]:
        text = scope.text(test)
        used = {part.id for part in ast.walk(test) if isinstance(part, ast.Name)}
        for extra, weight in _predicates(used, scope):
            if extra == text:
                continue
            for word in ("and", "or"):
                # `a and b or c` binds as it reads here only with parentheses.
                other = isinstance(test, ast.BoolOp) and isinstance(test.op, ast.Or if word == "and" else ast.And)
                loose = other or isinstance(test, ast.IfExp | ast.Lambda)
                base = f"({text})" if loose else text
                yield scope.replace(test, f"{base} {word} {extra}", weight)
                if not isinstance(test, ast.BoolOp):
                    first = 2.0 if _protects(extra, word, used) else 0.5
                    yield scope.replace(test, f"{extra} {word} {base}", first * weight)


def _protects(extra: str, word: str, used: set[str]) -> bool:
    """Whether the extra condition keeps the old one from using a name that is None."""
    name, _, rest = extra.partition(" ")
    return name in used and rest == ("is not None" if word == "and" else "is None")


def _predicates(used: set[str], scope: Scope) -> Iterator[tuple[str, float]]:
    for condition in scope.conditions[:20]:
        plain = " or " not in condition and " and " not in condition and " if " not in condition
        yield (condition if plain else f"({condition})"), 0.6
        if plain and not condition.startswith("not "):
            yield f"not {condition}", 0.25
    for condition, weight in scope.further_conditions:
        yield condition, weight
        yield f"not {condition}", weight
    for name in scope.local_names[:10]:
        near = 1.0 if name in used else 0.5
        yield name, 0.5 * near
        yield f"not {name}", 0.5 * near
        yield f"{name} is not None", 0.5 * near
        yield f"{name} is None", 0.3 * near
        if scope.has_type(name, "int", "float"):
            yield f"{name} > 0", 0.15 * near
