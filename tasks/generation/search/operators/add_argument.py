"""An argument that was not passed on: a keyword that the callee knows, or one more value from the scope."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tasks.generation.search.operators.definition import operator
from tasks.generation.search.scope import Change, Scope


@operator(
    ast.Call,
    examples=(
        (
            "def g(a, strict=False):\n    return a\ndef f(a, strict=False):\n    return g(a)\n",
            "def g(a, strict=False):\n    return a\ndef f(a, strict=False):\n    return g(a, strict=strict)\n",
        ),
        ("def f(a, b):\n    return g(a)\n", "def f(a, b):\n    return g(a, b)\n"),
    ),
)
def add_argument(node: ast.Call, scope: Scope) -> Iterator[Change]:
    if any(isinstance(argument, ast.Starred) for argument in node.args):
        return
    passed = {keyword.arg for keyword in node.keywords}
    for name, default in _parameters(node, scope):
        if name in passed:
            continue
        if name in scope.local_names:
            yield _append(node, f"{name}={name}", scope, 1.5)
        if f"self.{name}" in scope.file.text and name in scope.attributes:
            yield _append(node, f"{name}=self.{name}", scope, 1.2)
        if isinstance(default, ast.Constant) and isinstance(default.value, bool):
            yield _append(node, f"{name}={not default.value}", scope, 0.6)
    for keyword, value in _siblings(node, scope):
        if keyword not in passed:
            yield _append(node, f"{keyword}={value}", scope, 0.6)
    if not node.keywords and len(node.args) < 4:
        known = {scope.text(argument) for argument in node.args}
        for name in [*scope.local_names[:8], "None", "0", "1", "True"]:
            if name not in known:
                yield _append(node, name, scope, 0.15)


def _parameters(node: ast.Call, scope: Scope) -> Iterator[tuple[str, ast.expr | None]]:
    """Parameters of the callee that positional arguments do not fill, when the file defines it."""
    name = (
        node.func.id
        if isinstance(node.func, ast.Name)
        else node.func.attr
        if isinstance(node.func, ast.Attribute)
        else ""
    )
    callee = scope.module_functions.get(name) or scope.methods.get(name)
    if callee is None:
        return
    arguments = (
        callee.args.args[1:] if name in scope.methods and name not in scope.module_functions else callee.args.args
    )
    defaults: list[ast.expr | None] = [None] * (len(callee.args.args) - len(callee.args.defaults)) + [
        *callee.args.defaults
    ]
    paired = list(zip(arguments, defaults[-len(arguments) :], strict=False)) if arguments else []
    for argument, default in paired[len(node.args) :]:
        yield argument.arg, default
    for argument, default in zip(callee.args.kwonlyargs, callee.args.kw_defaults, strict=False):
        yield argument.arg, default


def _siblings(node: ast.Call, scope: Scope) -> Iterator[tuple[str, str]]:
    """Keyword arguments of other calls of the same function in the file, where they are plain."""
    callee = scope.text(node.func)
    for other in scope.file.calls[callee]:
        for keyword in other.keywords:
            if other is not node and keyword.arg and isinstance(keyword.value, ast.Constant | ast.Name | ast.Attribute):
                yield keyword.arg, scope.text(keyword.value)


def _append(node: ast.Call, text: str, scope: Scope, weight: float) -> Change:
    end = scope.file.span(node)[1] - 1
    inside = scope.file.text[scope.file.span(node.func)[1] : end].rstrip()
    separator = "" if inside.endswith(("(", ",")) else ", "
    if inside.endswith(","):
        separator = " "
    return scope.span_edit(end, end, separator + text, weight)
