"""Faults to plant into good code, each with the level that ought to name it.

A fault is a function from the text of a module (and a seeded source of choices) to the text with the fault; None where
the module offers no place for it.
"""

from __future__ import annotations

import ast
import random
import textwrap
from collections.abc import Callable
from dataclasses import dataclass

from tasks.models import Level

Planter = Callable[[str, random.Random], str | None]
FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Fault:
    name: str
    level: Level
    plant: Planter
    path: str = "app/orders.py"


def _functions(text: str, least: int = 2) -> list[FunctionNode]:
    """Functions with a body of at least `least` statements beside the docstring."""
    found = [node for node in ast.walk(ast.parse(text)) if isinstance(node, FunctionNode)]
    return [node for node in found if len(_body(node)) >= least]


def _body(node: FunctionNode) -> list[ast.stmt]:
    return [item for item in node.body if not (isinstance(item, ast.Expr) and isinstance(item.value, ast.Constant))]


def _replace_lines(text: str, first: int, last: int, new: str) -> str:
    lines = text.splitlines(keepends=True)
    return "".join([*lines[: first - 1], new, *lines[last:]])


def _indent(statement: ast.stmt) -> str:
    return " " * statement.col_offset


def replace_body(body: str) -> Planter:
    def plant(text: str, choose: random.Random) -> str | None:
        working = [node for node in _functions(text) if any(isinstance(n, ast.Call) for n in ast.walk(node))]
        if not working:
            return None
        node = choose.choice(working)
        statements = _body(node)
        new = textwrap.indent(body, _indent(statements[0])) + "\n"
        return _replace_lines(text, statements[0].lineno, node.end_lineno or 0, new)

    return plant


def insert_statements(code: str, *, last: bool = False) -> Planter:
    """Put statements at the beginning of some function, or before its last statement."""

    def plant(text: str, choose: random.Random) -> str | None:
        functions = _functions(text)
        if not functions:
            return None
        statement = _body(choose.choice(functions))[-1 if last else 0]
        first = min([statement.lineno, *(d.lineno for d in getattr(statement, "decorator_list", ()))])
        return _replace_lines(text, first, first - 1, textwrap.indent(code, _indent(statement)) + "\n")

    return plant


def append(code: str, imports: str = "") -> Planter:
    """A function at the end of the module, and its imports at the beginning."""

    def plant(text: str, choose: random.Random) -> str | None:
        lines = text.splitlines(keepends=True)
        first = next((node for node in ast.parse(text).body if isinstance(node, ast.Import | ast.ImportFrom)), None)
        future = isinstance(first, ast.ImportFrom) and first.module == "__future__"
        at = (first.end_lineno if future else first.lineno - 1) if first is not None else 0
        head = "".join(f"{line}\n" for line in imports.splitlines())
        return "".join([*lines[:at], head, *lines[at:]]).rstrip("\n") + "\n\n\n" + textwrap.dedent(code).strip() + "\n"

    return plant


def misspell_name(text: str, choose: random.Random) -> str | None:
    used = [n for f in _functions(text) for n in ast.walk(f) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)]
    plain = [node for node in used if len(node.id) > 3 and node.lineno == node.end_lineno]
    if not plain:
        return None
    node = choose.choice(plain)
    lines = text.splitlines(keepends=True)
    line = lines[node.lineno - 1]
    if line[node.col_offset : node.end_col_offset] != node.id:
        return None
    lines[node.lineno - 1] = line[: node.col_offset] + node.id[:-1] + "_x" + line[node.end_col_offset :]
    return "".join(lines)


def drop_import(text: str, choose: random.Random) -> str | None:
    tree = ast.parse(text)
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    imports = [n for n in tree.body if isinstance(n, ast.Import | ast.ImportFrom) and n.lineno == n.end_lineno]
    needed = [n for n in imports if any((a.asname or a.name.partition(".")[0]) in used for a in n.names)]
    if not needed:
        return None
    node = choose.choice(needed)
    return _replace_lines(text, node.lineno, node.lineno, "")


def one_argument_more(text: str, choose: random.Random) -> str | None:
    tree = ast.parse(text)
    own = {n.name: n for n in tree.body if isinstance(n, FunctionNode) and not n.decorator_list and not n.args.vararg}
    calls = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in own
        and node.func.lineno == node.func.end_lineno
        and not any(isinstance(item, ast.Starred) for item in node.args)
    ]
    if not calls:
        return None
    call = choose.choice(calls)
    assert isinstance(call.func, ast.Name)
    room = len(own[call.func.id].args.args) + 1
    lines = text.splitlines(keepends=True)
    at = (call.func.end_col_offset or 0) + 1
    line = lines[call.lineno - 1]
    lines[call.lineno - 1] = line[:at] + "None, " * room + line[at:]
    return "".join(lines)


def lose_a_bracket(text: str, choose: random.Random) -> str | None:
    places = [index for index, char in enumerate(text) if char == ")" and text[index + 1 : index + 2] == "\n"]
    if not places:
        return None
    at = choose.choice(places)
    broken = text[:at] + text[at + 1 :]
    try:
        ast.parse(broken)
    except SyntaxError:
        return broken
    return None


def foreign_newlines(text: str, choose: random.Random) -> str | None:
    lines = text.split("\n")
    at = choose.randrange(len(lines) - 1)
    return "\n".join([*lines[:at], lines[at] + "\r", *lines[at + 1 :]])


def leave_early(text: str, choose: random.Random) -> str | None:
    return insert_statements("return None", last=True)(text, choose)


def substitute(old: str, new: str) -> Planter:
    return lambda text, choose: text.replace(old, new, 1) if old in text else None
