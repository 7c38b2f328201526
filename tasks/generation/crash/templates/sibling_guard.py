"""A check that a sibling function makes on the same value and this function forgot.

What it does: repeats the sibling's guard, word for word, above the failing statement.

    before    answer = self.session.get_json(path)
              return answer["data"]["quantity"]
    after     answer = self.session.get_json(path)
              if "error" in answer:
                  raise ApiError(answer["error"])
              return answer["data"]["quantity"]

When it does not apply: the guard uses a name that this function does not have, or none of the failing expression.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator

from tasks.generation.crash.conventions import Guard, global_names, guards_in, names_in_scope
from tasks.generation.crash.proposal import Proposal, change
from tasks.generation.crash.site import CrashSite


def propose(site: CrashSite) -> Iterator[Proposal]:
    place = site.raising
    if place.function is None or place.comprehension is not None:
        return
    known = names_in_scope(place.function, place.statement.lineno) | global_names(place.source)
    used = _names(place.node or place.statement) - {"self"}
    for guard in guards_in(place.source):
        if guard.function is place.function or guard.test is None or not _leaves_function(guard):
            continue
        wanted = {name for part in (guard.test, *guard.body) for name in _names(part)}
        local = wanted - global_names(place.source) - set(dir(builtins))
        if local <= known and _names(guard.test) & used and _members(guard.test) <= _members(place.function):
            own = place.source.enclosing(place.statement, ast.ClassDef)
            same_class = own is not None and place.source.enclosing(guard.function, ast.ClassDef) is own
            lines = place.source.lines_of(_statement(guard))
            splice = place.source.insert_before(place.anchor, lines)
            words = f"The check of {guard.function.name} is made here too."
            yield change("sibling_guard", place.source, splice, 0.66 if same_class else 0.5, words)


def _members(node: ast.AST) -> set[str]:
    """Attributes of `self` that the code reads: a check on another member is not this function's check."""
    attributes = (inner for inner in ast.walk(node) if isinstance(inner, ast.Attribute))
    return {inner.attr for inner in attributes if ast.unparse(inner.value) == "self"}


def _statement(guard: Guard) -> ast.stmt:
    above = guard.source.parent(guard.body[0])
    assert isinstance(above, ast.If)
    return above


def _leaves_function(guard: Guard) -> bool:
    return isinstance(guard.exit, ast.Return | ast.Raise) and not _statement_has_else(guard)


def _statement_has_else(guard: Guard) -> bool:
    above = guard.source.parent(guard.body[0])
    return not isinstance(above, ast.If) or bool(above.orelse)


def _names(node: ast.AST) -> set[str]:
    return {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}
