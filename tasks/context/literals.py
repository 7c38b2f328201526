"""Messages and routes that a function's source spells out, to be held against what an incident reports."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

_HOLE = re.compile(r"%(?:\(\w+\))?[-#0 +]*[\d*]*(?:\.\d+)?[hlL]?[diouxXeEfFgGcrsa]|\{[^{}]*\}")
_LOG_METHODS = frozenset({"debug", "info", "warning", "warn", "error", "exception", "critical", "log", "fatal", "msg"})
_ROUTE_METHODS = frozenset({"route", "get", "post", "put", "patch", "delete", "api_route", "websocket"})
_FEWEST_LETTERS = 8
_PARAMETER = re.compile(r"^[<{:].*")


@dataclass(frozen=True)
class Message:
    """A literal that is logged or raised."""

    parts: tuple[str, ...]
    """What is constant in it, in order."""
    line: int
    how: str
    """`logged` or `raised`."""

    def letters_in(self, text: str) -> int:
        """How many constant characters the text shares; 0 unless all parts are there in order."""
        at = 0
        for part in self.parts:
            found = text.find(part, at)
            if found < 0:
                return 0
            at = found + len(part)
        return sum(map(len, self.parts))


@dataclass(frozen=True)
class Route:
    pattern: str
    methods: frozenset[str]
    """Upper case; empty when any."""
    handler: str
    line: int

    def shared_segments(self, path: str, method: str) -> int:
        """How many literal segments the path shares at its end; 0 when the pattern does not match it."""
        if method and self.methods and method not in self.methods:
            return 0
        own, asked = _segments(self.pattern), _segments(path)
        if not own or len(own) > len(asked):
            return 0
        literal = 0
        for mine, theirs in zip(own, asked[-len(own) :], strict=True):
            if _PARAMETER.match(mine):
                continue
            if mine != theirs:
                return 0
            literal += 1
        return literal


def messages(tree: ast.AST) -> Iterator[Message]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _LOG_METHODS:
            yield from _message(node.args[:2], node.lineno, "logged")
        elif isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            yield from _message(node.exc.args[:2], node.lineno, "raised")


def routes(tree: ast.AST) -> Iterator[Route]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for decorator in node.decorator_list:
                yield from _decorated(node, decorator)
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("path", "re_path", "url"):
            yield from _django(node)


def _message(arguments: list[ast.expr], line: int, how: str) -> Iterator[Message]:
    for argument in arguments:
        parts = tuple(part for part in _constant_parts(argument) if part.strip())
        if sum(map(len, parts)) >= _FEWEST_LETTERS:
            yield Message(parts, line, how)
            return


def _constant_parts(node: ast.expr) -> list[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return _HOLE.split(node.value)
    if isinstance(node, ast.JoinedStr):
        return [str(value.value) for value in node.values if isinstance(value, ast.Constant)]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _constant_parts(node.left) + _constant_parts(node.right)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        return _constant_parts(node.left)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
        return _constant_parts(node.func.value)
    return []


def _decorated(function: ast.FunctionDef | ast.AsyncFunctionDef, decorator: ast.expr) -> Iterator[Route]:
    if not (isinstance(decorator, ast.Call) and isinstance(decorator.func, ast.Attribute) and decorator.args):
        return
    name, pattern = decorator.func.attr, decorator.args[0]
    if name not in _ROUTE_METHODS or not (isinstance(pattern, ast.Constant) and isinstance(pattern.value, str)):
        return
    methods = frozenset({name.upper()}) if name in ("get", "post", "put", "patch", "delete") else _listed(decorator)
    yield Route(pattern.value, methods, function.name, function.lineno)


def _listed(decorator: ast.Call) -> frozenset[str]:
    listed = next((word.value for word in decorator.keywords if word.arg == "methods"), None)
    items = listed.elts if isinstance(listed, ast.List | ast.Tuple | ast.Set) else []
    return frozenset(str(item.value).upper() for item in items if isinstance(item, ast.Constant))


def _django(call: ast.Call) -> Iterator[Route]:
    if len(call.args) >= 2 and isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str):
        handler = call.args[1].func if isinstance(call.args[1], ast.Call) else call.args[1]
        if isinstance(handler, ast.Attribute) and handler.attr == "as_view":
            handler = handler.value
        name = handler.attr if isinstance(handler, ast.Attribute) else getattr(handler, "id", "")
        yield Route(call.args[0].value.strip("^$"), frozenset(), name, call.lineno)


def _segments(path: str) -> list[str]:
    return [part for part in path.partition("?")[0].strip("/").split("/") if part]
