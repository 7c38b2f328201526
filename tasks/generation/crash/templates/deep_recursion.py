"""A function that calls itself without end.

What it does: a base case for what is empty, zero or below, a memory of what was visited for structures that lead back
to themselves, the private attribute where a property reads itself.

    before    return n * factorial(n - 1)
    after     if n <= 0:
                  return 1
              return n * factorial(n - 1)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tasks.generation.crash.fitting import fitting_values
from tasks.generation.crash.guards import guard_above
from tasks.generation.crash.project import called_name
from tasks.generation.crash.proposal import Proposal, change
from tasks.generation.crash.site import CrashSite, Place
from tasks.generation.crash.source import Function, Splice, walk_function


def propose(site: CrashSite) -> Iterator[Proposal]:
    if site.error.name != "RecursionError":
        return
    seen: set[int] = set()
    for place in site.places:
        function = place.function
        if function is None or id(function) in seen:
            continue
        seen.add(id(function))
        yield from _self_reading_property(place, function)
        yield from _visited(site, place, function)
        yield from _base_case(site, place, function)


def _self_reading_property(place: Place, function: Function) -> Iterator[Proposal]:
    source = place.source
    for node in walk_function(function):
        if isinstance(node, ast.Attribute) and node.attr == function.name and ast.unparse(node.value) == "self":
            end = source.span(node)[1]
            splice = Splice(end - len(node.attr), end, f"_{node.attr}")
            yield change("private_attribute", source, splice, 0.85, f"The property reads `_{node.attr}`.")


def _recursive_calls(function: Function) -> list[ast.Call]:
    return [n for n in walk_function(function) if isinstance(n, ast.Call) and called_name(n) == function.name]


def _visited(site: CrashSite, place: Place, function: Function) -> Iterator[Proposal]:
    """One more parameter remembers what the walk has met; meeting it again answers as for nothing."""
    calls = _recursive_calls(function)
    names = [argument.arg for argument in function.args.args if argument.arg not in ("self", "cls")]
    if not calls or not names or function.args.kwarg or function.args.vararg:
        return
    source, node_name = place.source, _walked(function, calls, names)
    last = [*function.args.args, *function.args.kwonlyargs][-1]
    defaults = [*function.args.defaults, *(d for d in function.args.kw_defaults if d is not None)]
    end = max([source.span(last)[1], *(source.span(default)[1] for default in defaults)])
    kind = place.type_of(node_name) or ""
    mark = node_name if kind in ("str", "int", "tuple") else f"id({node_name})"
    for fit in fitting_values(site.project, source, function)[:3]:
        lines = ["seen = seen or set()", f"if {mark} in seen:", f"{source.indent_unit}return {fit.text}".rstrip()]
        splices = [
            Splice(end, end, ", seen=None"),
            source.insert_before(_first(function), [*lines, f"seen = seen | {{{mark}}}"]),
        ]
        for call in calls:
            close = source.span(call)[1] - 1
            splices.append(Splice(close, close, ", seen=seen" if call.args or call.keywords else "seen=seen"))
        confidence = 0.4 + 0.06 * min(fit.weight, 6.0)
        yield change(
            "remember_visited", source, splices, confidence, "What was met already is not walked through again."
        )


def _walked(function: Function, calls: list[ast.Call], names: list[str]) -> str:
    """The parameter that differs from call to call."""
    for at, name in enumerate(names):
        for call in calls:
            if at < len(call.args) and ast.unparse(call.args[at]) != name:
                return name
    return names[0]


def _first(function: Function) -> ast.stmt:
    documented = ast.get_docstring(function, clean=False) is not None
    return function.body[1] if documented and len(function.body) > 1 else function.body[0]


def _base_case(site: CrashSite, place: Place, function: Function) -> Iterator[Proposal]:
    first = _first(function)
    top = Place(place.source, place.frame, first, None)
    for argument in function.args.args:
        kind = place.type_of(argument.arg)
        if kind in ("int", "float"):
            conditions = [f"{argument.arg} <= 0", f"{argument.arg} < 0", f"{argument.arg} <= 1"]
        elif kind in ("str", "list", "tuple", "dict"):
            conditions = [f"not {argument.arg}"]
        else:
            conditions = []
        for condition in conditions:
            yield from guard_above(site, top, condition, rule="base_case", subject=argument.arg)
            if kind == "int":
                lines = [f"if {condition}:", f"{place.source.indent_unit}return 1"]
                yield change(
                    "base_case",
                    place.source,
                    place.source.insert_before(first, lines),
                    0.4,
                    f"It ends where `{condition}`.",
                )
