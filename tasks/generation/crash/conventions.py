"""How the repository already deals with what may be missing or broken: its guards, handlers and refusals."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from tasks.generation.crash.project import Project
from tasks.generation.crash.source import Function, SourceFile, exits, walk_function


@dataclass(frozen=True)
class Guard:
    """`if <test>: ... <exit>` or `except <type>: ... <exit>` of some function."""

    source: SourceFile
    function: Function
    test: ast.expr | None
    """None for a handler."""
    handler: ast.ExceptHandler | None
    body: tuple[ast.stmt, ...]

    @property
    def exit(self) -> ast.stmt:
        return self.body[-1]

    @property
    def is_absence_check(self) -> bool:
        """Whether it asks for None, emptiness, a missing key or a failed lookup, rather than for a value."""
        if self.handler is not None:
            return True
        return self.test is not None and any(_is_absence_test(part) for part in _alternatives(self.test))


def _alternatives(test: ast.expr) -> list[ast.expr]:
    return list(test.values) if isinstance(test, ast.BoolOp) else [test]


def _is_absence_test(test: ast.expr) -> bool:
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return True
    if not isinstance(test, ast.Compare) or len(test.ops) != 1:
        return False
    operator, other = test.ops[0], test.comparators[0]
    if isinstance(operator, ast.NotIn):
        return True
    empty = isinstance(other, ast.Constant) and other.value in (None, 0, "")
    return isinstance(operator, ast.Is | ast.Eq | ast.LtE | ast.Lt) and empty


def guards_of(source: SourceFile, function: Function) -> Iterator[Guard]:
    for node in walk_function(function):
        if isinstance(node, ast.If) and exits(node.body):
            yield Guard(source, function, node.test, None, tuple(node.body))
        elif isinstance(node, ast.ExceptHandler) and exits(node.body):
            yield Guard(source, function, None, node, tuple(node.body))


def guards_in(source: SourceFile) -> Iterator[Guard]:
    for function in source.functions:
        yield from guards_of(source, function)


def repository_exceptions(project: Project) -> dict[str, tuple[SourceFile, ast.ClassDef]]:
    """Exception classes that the repository defines, by name."""
    found: dict[str, tuple[SourceFile, ast.ClassDef]] = {}
    pending = list(project.classes())
    for _ in range(4):  # deeper trees than four levels are rare
        for source, node in pending:
            bases = {base.id if isinstance(base, ast.Name) else getattr(base, "attr", "") for base in node.bases}
            if any(base in found or re.search(r"(Error|Exception|Warning)$", base) for base in bases):
                found[node.name] = (source, node)
    return found


def names_in_scope(function: Function, before_line: int) -> set[str]:
    """Parameters, and local names bound above `before_line`."""
    arguments = function.args
    names = {a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}
    names |= {a.arg for a in (arguments.vararg, arguments.kwarg) if a is not None}
    for node in walk_function(function):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.lineno <= before_line:
            names.add(node.id)
        elif isinstance(node, ast.ExceptHandler) and node.name and node.lineno < before_line:
            names.add(node.name)
    return names


def global_names(source: SourceFile) -> set[str]:
    """What the module binds at its top level."""
    names: set[str] = set()
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            if node in source.tree.body:
                names.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names |= {(alias.asname or alias.name).split(".")[0] for alias in node.names}
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and source.function(node) is None:
            names.add(node.id)
    return names
