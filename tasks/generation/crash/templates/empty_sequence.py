"""A sequence, iterator or window is empty or shorter than the code takes for granted.

What it does: a guard above, `default=` for `max` and `min`, a second argument for `next`, a conditional expression,
or one step less in a loop that looks at the next item.

    before    return next(route for route in routes if path.startswith(route.prefix))
    after     return next((route for route in routes if path.startswith(route.prefix)), None)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tasks.generation.crash.fitting import fitting_values
from tasks.generation.crash.guards import guard_above, guard_named, is_pure
from tasks.generation.crash.proposal import Proposal, change
from tasks.generation.crash.site import CrashSite, Place
from tasks.generation.crash.uses import defaults_for

_OVER_SEQUENCES = {
    "max",
    "min",
    "choice",
    "mean",
    "median",
    "fmean",
    "mode",
    "reduce",
    "popleft",
    "pop",
    "stdev",
    "quantiles",
}


def propose(site: CrashSite) -> Iterator[Proposal]:
    name, message = site.error.name, site.error.message
    if name == "IndexError" or name == "StopIteration" or (name == "RuntimeError" and "StopIteration" in message):
        relevant = True
    else:
        empty = any(word in message for word in ("empty", "at least", "no data"))
        relevant = empty and name in ("ValueError", "StatisticsError", "TypeError")
    if not relevant:
        return
    for place in site.places[:2]:
        if isinstance(place.node, ast.Subscript):
            yield from _for_subscript(site, place, place.node)
        elif isinstance(place.node, ast.Call):
            yield from _for_call(site, place, place.node)


def _for_subscript(site: CrashSite, place: Place, node: ast.Subscript) -> Iterator[Proposal]:
    source = place.source
    box = source.code(node.value)
    needed = _needed_length(node.slice)
    if is_pure(node.value):
        condition = f"not {box}" if needed == 1 else f"len({box}) < {needed}" if needed else None
        if condition is None and is_pure(node.slice):
            index = source.code(node.slice)
            condition = f"{index} >= len({box})"
        if condition is not None:
            yield from guard_above(site, place, condition, rule="guard_empty", subject=box)
            yield from _conditional(site, place, node, condition)
    elif needed is not None:
        unmet = "not {name}" if needed == 1 else f"len({{name}}) < {needed}"
        yield from guard_named(site, place, node.value, unmet, rule="guard_empty")
    yield from _first_character(place, node)
    yield from _one_step_less(place, node)


def _needed_length(index: ast.expr) -> int | None:
    """How long the sequence must be for a constant index; None for others."""
    try:
        value = ast.literal_eval(index)
    except (ValueError, SyntaxError):
        return None
    if not isinstance(value, int):
        return None
    return value + 1 if value >= 0 else -value


def _conditional(site: CrashSite, place: Place, node: ast.Subscript, condition: str) -> Iterator[Proposal]:
    source = place.source
    enough = condition.removeprefix("not ") if condition.startswith("not ") else _negated(condition)
    if isinstance(source.parent(node), ast.Return) and place.function is not None:
        fits = fitting_values(site.project, source, place.function)[:2]
        defaults = [(fit.text or "None", 0.6 * fit.weight) for fit in fits]
    else:
        defaults = defaults_for(place, node)[:2]
    for default, weight in defaults:
        text = f"{source.code(node)} if {enough} else {default}"
        if not isinstance(source.parent(node), ast.Return | ast.Assign | ast.keyword):
            text = f"({text})"
        words = f"`{default}` when `{source.code(node.value)}` is too short."
        yield change("index_or_default", source, source.replace(node, text), 0.12 + 0.12 * weight, words)


def _negated(condition: str) -> str:
    if " < " in condition:
        return condition.replace(" < ", " >= ")
    return condition.replace(" >= ", " < ")


def _first_character(place: Place, node: ast.Subscript) -> Iterator[Proposal]:
    """`text[0]` as `text[:1]`, which an empty text answers."""
    if isinstance(node.value, ast.Name) and place.type_of(node.value.id) == "str":
        source = place.source
        if isinstance(node.slice, ast.Constant) and node.slice.value == 0:
            yield change(
                "slice_first", source, source.replace(node.slice, ":1"), 0.5, "An empty text has no first letter."
            )


def _one_step_less(place: Place, node: ast.Subscript) -> Iterator[Proposal]:
    """A loop over `range(len(x))` that looks at `x[i + 1]` stops one earlier."""
    loop = place.loop
    if not isinstance(loop, ast.For) or not isinstance(loop.iter, ast.Call) or not isinstance(node.slice, ast.BinOp):
        return
    last = loop.iter.args[-1] if len(loop.iter.args) in (1, 2) else None
    if last is not None and isinstance(node.slice.op, ast.Add) and isinstance(node.slice.right, ast.Constant):
        source = place.source
        text = f"{source.code(last)} - {source.code(node.slice.right)}"
        yield change("stop_earlier", source, source.replace(last, text), 0.7, "The last item has no next one.")


def _for_call(site: CrashSite, place: Place, node: ast.Call) -> Iterator[Proposal]:
    source = place.source
    name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
    if name == "next" and len(node.args) == 1:
        yield from _next_default(site, place, node)
        return
    if name in ("max", "min") and len(node.args) == 1:
        yield from _extremum_default(site, place, node)
    if name in _OVER_SEQUENCES:
        subject = node.args[-1] if node.args else getattr(node.func, "value", None)
        if name in ("pop", "popleft") and isinstance(node.func, ast.Attribute):
            subject = node.func.value
        if isinstance(subject, ast.expr) and is_pure(subject):
            text = source.code(subject)
            yield from guard_above(site, place, f"not {text}", rule="guard_empty", subject=text)


def _fits(site: CrashSite, place: Place, node: ast.expr) -> list[tuple[str, float]]:
    if isinstance(place.source.parent(node), ast.Return) and place.function is not None:
        fits = fitting_values(site.project, place.source, place.function)[:3]
        return [(fit.text or "None", fit.weight) for fit in fits]
    return defaults_for(place, node)[:2]


def _next_default(site: CrashSite, place: Place, node: ast.Call) -> Iterator[Proposal]:
    source, first = place.source, node.args[0]
    bare = isinstance(first, ast.GeneratorExp) and source.code(first).startswith("(") is False
    inner = source.code(first)
    if isinstance(first, ast.GeneratorExp) and source.span(first)[0] == source.span(node.func)[1]:
        inner, bare = inner[1:-1], True
    for default, weight in _fits(site, place, node):
        called = source.code(node.func)
        text = f"{called}(({inner}), {default})" if bare else f"{called}({inner}, {default})"
        words = f"`{default}` when nothing matches."
        yield change("next_default", source, source.replace(node, text), 0.35 + 0.1 * min(weight, 5), words)


def _extremum_default(site: CrashSite, place: Place, node: ast.Call) -> Iterator[Proposal]:
    source, first = place.source, node.args[0]
    inner = source.code(first)
    if isinstance(first, ast.GeneratorExp) and not node.keywords:
        start, _end = source.span(first)
        if source.text[start] != "(" or start == source.span(node.func)[1]:
            inner = f"({inner.removeprefix('(').removesuffix(')')})"
    for default, weight in _fits(site, place, node):
        keywords = "".join(f", {source.code(keyword)}" for keyword in node.keywords)
        text = f"{source.code(node.func)}({inner}{keywords}, default={default})"
        words = f"`{default}` when there is nothing to compare."
        yield change("extremum_default", source, source.replace(node, text), 0.3 + 0.1 * min(weight, 5), words)
