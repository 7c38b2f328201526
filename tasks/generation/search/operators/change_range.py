"""The start, end and step of `range`, and the start of `enumerate`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tasks.generation.search.operators.definition import operator
from tasks.generation.search.scope import Change, Scope


@operator(
    ast.Call,
    examples=(
        ("def f(n):\n    return range(n)\n", "def f(n):\n    return range(1, n)\n"),
        ("def f(n):\n    return range(n)\n", "def f(n):\n    return range(1, n + 1)\n"),
        ("def f(a):\n    return enumerate(a)\n", "def f(a):\n    return enumerate(a, 1)\n"),
    ),
)
def change_range(node: ast.Call, scope: Scope) -> Iterator[Change]:
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    if node.keywords or any(isinstance(argument, ast.Starred) for argument in node.args):
        return
    arguments = [scope.text(argument) for argument in node.args]
    if name == "range":
        yield from _ranges(node, arguments, scope)
    elif name == "enumerate" and arguments:
        if len(arguments) == 1:
            yield scope.replace(node, f"enumerate({arguments[0]}, 1)", 0.5)
        else:
            yield scope.replace(node, f"enumerate({arguments[0]})", 0.5)


def _ranges(node: ast.Call, arguments: list[str], scope: Scope) -> Iterator[Change]:
    if len(arguments) == 1:
        end = arguments[0]
        for text in (f"1, {end}", f"1, {end} + 1", f"{end} + 1", f"{end} - 1", f"{end} - 1, -1, -1"):
            yield scope.replace(node, f"range({text})", 0.5)
    elif len(arguments) == 2:
        start, end = arguments
        for text in (
            end,
            f"{start} + 1, {end}",
            f"{start} - 1, {end}",
            f"{start}, {end} + 1",
            f"{start}, {end} - 1",
            f"{start}, {end} + 1, 1",
        ):
            yield scope.replace(node, f"range({text})", 0.5)
    elif len(arguments) == 3:
        start, end, step = arguments
        for text in (
            f"{start}, {end}",
            f"{start}, {end} - 1, {step}",
            f"{start}, {end} + 1, {step}",
            f"{start} - 1, {end}, {step}",
        ):
            yield scope.replace(node, f"range({text})", 0.5)
