"""Taking away what the crash does not need."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator

from tasks.generation.reproduction.bodies import Body
from tasks.generation.reproduction.search import Search, Tried

MAX_ROUNDS = 6
MAX_ALONE = 4


def minimised(found: Tried, search: Search) -> Tried:
    """A body that crashes alike and from which nothing more can be left out one by one."""
    for _ in range(MAX_ROUNDS):
        smaller = search.run_all(_smaller(found.body))
        alike = [one for one in smaller if one.likeness >= found.likeness and len(one.body.text) < len(found.body.text)]
        alike.sort(key=lambda one: (len(one.body.text), one.body.text))
        held = (search.holds_alone(one.body, found.likeness) for one in alike[:MAX_ALONE])
        better = next((one for one in held if one is not None), None)
        if better is None:
            break
        found = better
    return found


def _smaller(body: Body) -> Iterator[Body]:
    statements = body.statements
    for at in range(len(statements)):
        if len(statements) > 1:
            yield body.with_statements((*statements[:at], *statements[at + 1 :]))
    last = statements[-1]
    if isinstance(last, ast.Assign):
        yield body.with_statements((*statements[:-1], ast.Expr(copy.deepcopy(last.value))))
    for at, statement in enumerate(statements):
        for number, node in enumerate(ast.walk(statement)):
            for smaller in _smaller_nodes(node):
                yield body.with_statements(
                    (*statements[:at], _swapped(statement, number, smaller), *statements[at + 1 :])
                )
    if isinstance(statements[-1], ast.Expr) and isinstance(statements[-1].value, ast.Call):
        for argument in ast.walk(statements[-1].value):
            if isinstance(argument, ast.Call) and argument is not statements[-1].value:
                yield body.with_statements((*statements[:-1], ast.Expr(copy.deepcopy(argument))))


def _smaller_nodes(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.List | ast.Tuple) and isinstance(node.ctx, ast.Load) and len(node.elts) > 1:
        for at in range(len(node.elts)):
            yield type(node)([*node.elts[:at], *node.elts[at + 1 :]], ast.Load())
    elif isinstance(node, ast.Dict) and len(node.keys) > 1:
        for at in range(len(node.keys)):
            yield ast.Dict(node.keys[:at] + node.keys[at + 1 :], node.values[:at] + node.values[at + 1 :])


def _swapped(statement: ast.stmt, number: int, replacement: ast.AST) -> ast.stmt:
    changed = copy.deepcopy(statement)
    old = next(node for index, node in enumerate(ast.walk(changed)) if index == number)
    for parent in ast.walk(changed):
        for name, value in ast.iter_fields(parent):
            if value is old:
                setattr(parent, name, replacement)
            elif isinstance(value, list) and any(item is old for item in value):
                setattr(parent, name, [replacement if item is old else item for item in value])
    return changed
