"""Calls of the crashing functions that no test makes: on objects that tests build, with arguments made up for it."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator
from dataclasses import replace

from tasks.generation.crash.project import Project, called_name, module_of
from tasks.generation.crash.source import Function, SourceFile
from tasks.generation.reproduction.bodies import FAILING, Body, with_failing_callable
from tasks.generation.reproduction.target import Target, TargetFrame, is_async
from tasks.generation.reproduction.values import constructor_arguments, parameter_values

MAX_ARGUMENT_ROWS = 24


def calls_of_targets(target: Target, project: Project, bodies: list[Body], clues: list[object]) -> Iterator[Body]:
    """Bodies that end in a call of a function on the crash's path, the raising function first."""
    for frame in target.frames[:4]:
        yield from _calls_of(frame, target, project, bodies, clues)


def _calls_of(
    frame: TargetFrame, target: Target, project: Project, bodies: list[Body], clues: list[object]
) -> Iterator[Body]:
    function = frame.function
    owner = frame.source.parent(function)
    rows = _argument_rows(frame, target, project, bodies, clues, method=isinstance(owner, ast.ClassDef))
    if isinstance(owner, ast.ClassDef):
        receivers = list(_receivers(owner, frame.source, bodies, project))
    elif owner is frame.source.tree:
        receivers = [(body, "") for body in _setups(bodies, frame.source)]
    else:
        return
    for row, (body, receiver) in itertools.product(rows, receivers[:6]):
        yield from _with_call(body, receiver, frame, row, owner if isinstance(owner, ast.ClassDef) else None)


def _argument_rows(
    frame: TargetFrame, target: Target, project: Project, bodies: list[Body], clues: list[object], *, method: bool
) -> list[list[str]]:
    """Argument lists: the best of each parameter, then one parameter varied at a time, then two."""
    arguments = frame.function.args
    listed = [*arguments.posonlyargs, *arguments.args]
    static = any(ast.unparse(decorator) == "staticmethod" for decorator in frame.function.decorator_list)
    if method and not static:
        listed = listed[1:]
    needed = len(listed) - len(arguments.defaults) if len(arguments.defaults) <= len(listed) else 0
    values = [parameter_values(a, frame.function, project, bodies, clues, target.name) or ["None"] for a in listed]
    rows: list[list[str]] = [[options[0] for options in values[:needed]]]
    for count in dict.fromkeys((needed, len(listed))):
        best = [options[0] for options in values[:count]]
        for at, options in enumerate(values[:count]):
            rows += [[*best[:at], option, *best[at + 1 :]] for option in options]
    unique = {tuple(row): row for row in rows}
    return list(unique.values())[:MAX_ARGUMENT_ROWS]


def _setups(bodies: list[Body], source: SourceFile) -> list[Body]:
    """An empty body in each test file, those that import the module first."""
    module = module_of(source.path)
    homes: dict[str, Body] = {}
    for body in bodies:
        homes.setdefault(
            body.home.path, replace(body, statements=(), fixtures=(), owner=None, decorators=(), asynchronous=False)
        )
    ordered = sorted(homes.values(), key=lambda body: module not in body.home.text)
    return ordered[:1]


def _receivers(
    owner: ast.ClassDef, source: SourceFile, bodies: list[Body], project: Project
) -> Iterator[tuple[Body, str]]:
    """Objects of the class: variables that a test sets to one, constructor calls in tests, and a made-up one."""
    for body in bodies:
        for at, statement in enumerate(body.statements):
            if (
                isinstance(statement, ast.Assign)
                and isinstance(statement.value, ast.Call)
                and called_name(statement.value) == owner.name
            ) and isinstance(statement.targets[0], ast.Name):
                yield body, statement.targets[0].id
                yield body.with_statements(body.statements[: at + 1]), statement.targets[0].id
    for body in bodies:
        for at, statement in enumerate(body.statements):
            for node in ast.walk(statement):
                if isinstance(node, ast.Call) and called_name(node) == owner.name:
                    yield body.with_statements(body.statements[:at]), ast.unparse(node)
    for body in _setups(bodies, source):
        yield body, f"{owner.name}({', '.join(constructor_arguments(source, owner, project))})"


def _with_call(
    body: Body, receiver: str, frame: TargetFrame, row: list[str], owner: ast.ClassDef | None
) -> Iterator[Body]:
    function = frame.function
    arguments = ", ".join(row)
    called = _called_text(function, receiver, arguments)
    if called is None:
        return
    module = module_of(frame.source.path)
    imports = [f"from {module} import {owner.name if owner is not None else function.name}"]
    if is_async(function):
        called = f"await {called}" if body.asynchronous else f"asyncio.run({called})"
        imports.append("import asyncio")
    fixtures = body.fixtures
    if "tmp_path" in arguments and "tmp_path" not in fixtures:
        fixtures = (*fixtures, "tmp_path")
    try:
        call = ast.parse(called).body
    except SyntaxError:
        return
    if FAILING in row:
        body = with_failing_callable(body)
    step = f"called {function.name} with ({arguments})"
    yield replace(
        body.with_statements((*body.statements, *call), step),
        fixtures=fixtures,
        imports=(*body.imports, *imports, *imports_for(called, frame.source)),
    )


def imports_for(text: str, source: SourceFile) -> list[str]:
    """Imports for class names in `text` that the module itself knows."""
    found = []
    names = {node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)}
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found += [f"from {node.module} import {alias.name}" for alias in node.names if alias.name in names]
        elif isinstance(node, ast.ClassDef) and node.name in names:
            found.append(f"from {module_of(source.path)} import {node.name}")
    return found


def _called_text(function: Function, receiver: str, arguments: str) -> str | None:
    if not receiver:
        return f"{function.name}({arguments})"
    if function.name == "__init__":
        return receiver
    is_property = any(
        ast.unparse(d) in ("property", "cached_property", "functools.cached_property") for d in function.decorator_list
    )
    if is_property:
        return f"{receiver}.{function.name}"
    operators = {"__len__": "len({})", "__str__": "str({})", "__iter__": "list({})", "__repr__": "repr({})"}
    if function.name in operators:
        return operators[function.name].format(receiver)
    if function.name == "__call__":
        return f"{receiver}({arguments})"
    return f"{receiver}.{function.name}({arguments})"
