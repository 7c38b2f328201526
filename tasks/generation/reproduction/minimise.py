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
    """The body without one statement, or with its last value not kept.

    Inputs stay as they are: what the crash does not need may be needed by the code behind it, once that runs.
    """
    statements = body.statements
    for at, statement in enumerate(statements):
        if len(statements) > 1 and not _prepares_surroundings(statement, body):
            yield body.with_statements((*statements[:at], *statements[at + 1 :]))
    last = statements[-1]
    if isinstance(last, ast.Assign):
        yield body.with_statements((*statements[:-1], ast.Expr(copy.deepcopy(last.value))))
    if isinstance(last, ast.Expr) and isinstance(last.value, ast.Call):
        for argument in ast.walk(last.value):
            if isinstance(argument, ast.Call) and argument is not last.value:
                yield body.with_statements((*statements[:-1], ast.Expr(copy.deepcopy(argument))))


def _prepares_surroundings(statement: ast.stmt, body: Body) -> bool:
    """Whether it uses a fixture, such as a file written to `tmp_path` or a variable set in the environment."""
    return any(isinstance(node, ast.Name) and node.id in body.fixtures for node in ast.walk(statement))
