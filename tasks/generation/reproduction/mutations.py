"""Small changes to a test's body that may bring the reported crash about, each said in words."""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Iterator

from tasks.generation.crash.project import called_name
from tasks.generation.reproduction.bodies import FAILING, Body, with_failing_callable
from tasks.generation.reproduction.values import Signatures, plain_values, telling_values

_ABOUT_SHAPES = ("KeyError", "IndexError", "StopIteration", "ZeroDivisionError", "TypeError", "AttributeError")
"""Exceptions that missing parts bring about rather than odd values."""
_CONNECTION: tuple[str, ...] = (
    "ConnectionError",
    "ConnectionResetError",
    "ConnectionRefusedError",
    "ConnectionAbortedError",
)
_CONNECTION += ("BrokenPipeError", "TimeoutError", "OSError")


def mutants(body: Body, error_name: str, clues: list[object], signatures: Signatures) -> Iterator[Body]:
    """Bodies that differ from `body` in one place."""
    yield from _statement_changes(body)
    yield from _optional_arguments(body, clues, signatures)
    shapes, constants = _places(body)
    first, second = (shapes, constants) if error_name in _ABOUT_SHAPES else (constants, shapes)
    for at, number, node in (*first, *second):
        for replacement, step in _replacements(node, error_name, clues):
            yield _replaced(body, at, number, replacement, step)


def _places(body: Body) -> tuple[list[tuple[int, int, ast.AST]], list[tuple[int, int, ast.AST]]]:
    """Calls and displays, then constants, each with the numbers of its statement and node."""
    nodes = [(at, number, node) for at, s in enumerate(body.statements) for number, node in enumerate(ast.walk(s))]
    shapes = [place for place in nodes if not isinstance(place[2], ast.Constant)]
    return shapes, [place for place in nodes if isinstance(place[2], ast.Constant)]


def _statement_changes(body: Body) -> Iterator[Body]:
    statements = body.statements
    for at, statement in enumerate(statements):
        words = ast.unparse(statement).split("\n")[0][:60]
        repeated = (*statements[: at + 1], copy.deepcopy(statement), *statements[at + 1 :])
        yield body.with_statements(repeated, f"done twice: {words}")
        if len(statements) > 1:
            yield body.with_statements((*statements[:at], *statements[at + 1 :]), f"left out: {words}")
        yield from _environment_changes(body, at, statement)


def _environment_changes(body: Body, at: int, statement: ast.stmt) -> Iterator[Body]:
    """A variable that the test sets is missing instead."""
    call = statement.value if isinstance(statement, ast.Expr) else None
    if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "setenv" and call.args:
        text = f"{ast.unparse(call.func.value)}.delenv({ast.unparse(call.args[0])}, raising=False)"
        statements = (*body.statements[:at], *ast.parse(text).body, *body.statements[at + 1 :])
        yield body.with_statements(statements, f"without the variable {ast.unparse(call.args[0])}")


def _optional_arguments(body: Body, clues: list[object], signatures: Signatures) -> Iterator[Body]:
    """Parameters given that the test leaves to their defaults."""
    for at, statement in enumerate(body.statements):
        for number, node in enumerate(ast.walk(statement)):
            if not isinstance(node, ast.Call) or called_name(node) not in signatures:
                continue
            given = {keyword.arg for keyword in node.keywords}
            for name, kinds in signatures[called_name(node)][len(node.args) :]:
                for text in plain_values(name, kinds, clues) if name not in given else ():
                    added = ast.Call(node.func, node.args, [*node.keywords, ast.keyword(name, _expression(text))])
                    yield _replaced(body, at, number, added, f"{called_name(node)} with {name}={text}")


def _replaced(body: Body, at: int, number: int, replacement: ast.AST, step: str) -> Body:
    statements = body.statements
    statement = copy.deepcopy(statements[at])
    old = next(node for index, node in enumerate(ast.walk(statement)) if index == number)
    changed = _Swap(old, copy.deepcopy(replacement)).visit(statement)
    assert isinstance(changed, ast.stmt)
    if FAILING in ast.unparse(changed):
        body = with_failing_callable(body)
        at = len(body.statements) - (len(statements) - at)
    return body.with_statements((*body.statements[:at], changed, *body.statements[at + 1 :]), step)


class _Swap(ast.NodeTransformer):
    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self.old = old
        self.new = new

    def visit(self, node: ast.AST) -> ast.AST:
        return self.new if node is self.old else self.generic_visit(node)


def _replacements(node: ast.AST, error_name: str, clues: list[object]) -> Iterator[tuple[ast.AST, str]]:
    if isinstance(node, ast.Constant):
        yield from _for_constant(node, error_name, clues)
    elif isinstance(node, ast.Dict):
        yield from _for_dict(node, clues)
    elif isinstance(node, ast.List | ast.Tuple | ast.Set):
        yield from _for_sequence(node, error_name)
    elif isinstance(node, ast.Call):
        yield from _for_call(node, error_name)


def _for_constant(node: ast.Constant, error_name: str, clues: list[object]) -> Iterator[tuple[ast.AST, str]]:
    value = node.value
    if isinstance(value, int | float) and error_name in ("TypeError", "AttributeError"):
        yield ast.Constant(str(value)), f"{value!r} became text"
    if isinstance(value, str | bytes | int | float | None):
        for clue in clues:
            alike = isinstance(value, int | float) and isinstance(clue, int | float)
            if (alike or type(clue) is type(value) or value is None) and clue != value:
                yield _expression(repr(clue)), f"{value!r} became {clue!r}"
        for text in telling_values(error_name):
            if text != repr(value) and "tmp_path" not in text:
                yield _expression(text), f"{value!r} became {text}"
    if isinstance(value, str):
        yield from _for_text(value, [clue for clue in clues if isinstance(clue, str)])


def _for_text(value: str, clues: list[str]) -> Iterator[tuple[ast.AST, str]]:
    others = [_with_part(value, part, clue) for clue in clues[:3] for part in _parts(value)]
    others += ["", "missing", value + " ", value.upper(), value.lower(), "n/a", "é"]
    others += [_with_part(value, part, text) for part in _parts(value) for text in ("", "x")]
    for other in dict.fromkeys(others):
        if other != value:
            yield ast.Constant(other), f"{value!r} became {other!r}"


def _parts(value: str) -> list[tuple[int, int]]:
    """Where the fields of a delimited text (a row, a query, a line of settings) stand, the last first."""
    spans = [found.span() for found in re.finditer(r"[^,;|&=:\s\"{}\[\]/]+", value)]
    return [] if len(spans) < 2 else list(reversed(spans))[:8]


def _with_part(value: str, part: tuple[int, int], text: str) -> str:
    return value[: part[0]] + text + value[part[1] :]


def _for_dict(node: ast.Dict, clues: list[object]) -> Iterator[tuple[ast.AST, str]]:
    for clue in clues:
        if isinstance(clue, dict):
            yield _expression(repr(clue)), "the document that the log shows"
    for at, key in enumerate(node.keys):
        if key is None:
            continue
        yield (
            ast.Dict(node.keys[:at] + node.keys[at + 1 :], node.values[:at] + node.values[at + 1 :]),
            (f"without the key {ast.unparse(key)}"),
        )
        values = [*node.values[:at], ast.Constant(None), *node.values[at + 1 :]]
        yield ast.Dict(node.keys, values), f"{ast.unparse(key)} is None"


def _for_sequence(node: ast.List | ast.Tuple | ast.Set, error_name: str) -> Iterator[tuple[ast.AST, str]]:
    if isinstance(node.__dict__.get("ctx"), ast.Store):
        return
    if isinstance(node, ast.List | ast.Tuple) and node.elts:
        yield type(node)([], ast.Load()), "an empty sequence"
        for at in range(len(node.elts)):
            if len(node.elts) > 1:
                yield type(node)([*node.elts[:at], *node.elts[at + 1 :]], ast.Load()), "one item less"
            yield (
                type(node)([*node.elts[:at], ast.Constant(None), *node.elts[at + 1 :]], ast.Load()),
                "None among the items",
            )
        yield type(node)([*node.elts, node.elts[-1]], ast.Load()), "the last item twice"
        if error_name in _CONNECTION:
            yield type(node)([_failure(error_name), *node.elts], ast.Load()), f"first a {error_name}"


def _for_call(node: ast.Call, error_name: str) -> Iterator[tuple[ast.AST, str]]:
    words = ast.unparse(node.func)
    if node.args:
        yield ast.Call(node.func, node.args[:-1], node.keywords), f"{words} without its last argument"
    for at, keyword in enumerate(node.keywords):
        kept = [*node.keywords[:at], *node.keywords[at + 1 :]]
        yield ast.Call(node.func, node.args, kept), f"{words} without {keyword.arg}"
        changed = [*node.keywords[:at], ast.keyword(keyword.arg, ast.Constant(None)), *node.keywords[at + 1 :]]
        yield ast.Call(node.func, node.args, changed), f"{words} with {keyword.arg}=None"
    for at, argument in enumerate(node.args):
        if isinstance(argument, ast.Attribute | ast.Name | ast.Lambda):
            failing = ast.Name(FAILING, ast.Load())
            yield (
                ast.Call(node.func, [*node.args[:at], failing, *node.args[at + 1 :]], node.keywords),
                (f"{words} given a callable that fails"),
            )
        if not isinstance(argument, ast.Constant):
            for text in telling_values(error_name)[:6]:
                value = _expression(text)
                if "tmp_path" not in text:
                    yield (
                        ast.Call(node.func, [*node.args[:at], value, *node.args[at + 1 :]], node.keywords),
                        f"{words} given {text}",
                    )
    if error_name in _CONNECTION:
        yield ast.Call(node.func, [_failure(error_name), *node.args], node.keywords), f"{words}: first a {error_name}"
    yield from _special_calls(node, error_name)


def _special_calls(node: ast.Call, error_name: str) -> Iterator[tuple[ast.AST, str]]:
    called = node.func
    if isinstance(called, ast.Attribute) and called.attr == "write_text" and error_name.startswith("Unicode"):
        writer = ast.Attribute(called.value, "write_bytes", ast.Load())
        if node.args and isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str):
            for letters in ("é", "ü"):
                text = node.args[0].value.rstrip("\n") + letters + "\n"
                for encoding in ("utf-8", "latin-1"):
                    yield (
                        ast.Call(writer, [ast.Constant(text.encode(encoding))], []),
                        f"the file holds {encoding} bytes",
                    )
    name = called.id if isinstance(called, ast.Name) else called.attr if isinstance(called, ast.Attribute) else ""
    if name in ("datetime", "utc", "now", "fromtimestamp") and error_name == "TypeError":
        yield (
            ast.Call(ast.Attribute(node, "replace", ast.Load()), [], [ast.keyword("tzinfo", ast.Constant(None))]),
            "a naive time",
        )
        utc = _expression("__import__('datetime').timezone.utc")
        yield ast.Call(ast.Attribute(node, "replace", ast.Load()), [], [ast.keyword("tzinfo", utc)]), "an aware time"


def _failure(error_name: str) -> ast.expr:
    return _expression(f"{error_name}('simulated')")


def _expression(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body
