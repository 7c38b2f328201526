"""More or fewer parts than names to unpack them into.

What it does: splits at the first marks only, splits at a mark that may be missing, ignores surplus parts, or guards.

    before    key, value = line.split("=")
    after     key, value = line.split("=", 1)
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tasks.generation.crash.guards import guard_above, is_pure
from tasks.generation.crash.handlers import handle_error
from tasks.generation.crash.project import called_name
from tasks.generation.crash.proposal import Proposal, change
from tasks.generation.crash.site import CrashSite, Place
from tasks.generation.crash.source import Splice

_MESSAGE = re.compile(r"(too many|not enough) values to unpack")


def propose(site: CrashSite) -> Iterator[Proposal]:
    found = _MESSAGE.search(site.error.message)
    place = site.raising
    if found is None:
        return
    yield from _items_forgotten(site, place)
    for names, value in _unpackings(place):
        if found.group(1) == "too many":
            yield from _too_many(place, names, value)
        else:
            yield from _not_enough(site, place, names, value)
    yield from handle_error(site, place, "ValueError", share=0.8)


def _unpackings(place: Place) -> list[tuple[ast.Tuple | ast.List, ast.expr]]:
    """What is unpacked on the statement, and into what."""
    statement = place.statement
    if isinstance(statement, ast.Assign):
        pairs = [(target, statement.value) for target in statement.targets]
    elif isinstance(statement, ast.For):
        pairs = [(statement.target, statement.iter)]
    else:
        pairs = []
    return [(target, value) for target, value in pairs if isinstance(target, ast.Tuple | ast.List)]


def _items_forgotten(site: CrashSite, place: Place) -> Iterator[Proposal]:
    """A mapping walked through by pairs without `.items()`."""
    kinds = {name: kind for at in site.places[:2] for name, (kind, _) in at.frame.locals.items()}
    loops = [node for node in ast.walk(place.statement) if isinstance(node, ast.For | ast.comprehension)]
    for loop in loops:
        if not isinstance(loop.target, ast.Tuple) or len(loop.target.elts) != 2:
            continue
        for node in ast.walk(loop.iter):
            above = place.source.parent(node)
            if isinstance(node, ast.Name | ast.Attribute) and not isinstance(above, ast.Attribute):
                known = kinds.get(place.source.code(node)) in ("dict", "OrderedDict", "defaultdict", "Counter")
                if known or (isinstance(node, ast.Attribute) and not isinstance(above, ast.Call)):
                    end = place.source.span(node)[1]
                    words = "The pairs of the mapping are walked through."
                    yield change("items_forgotten", place.source, Splice(end, end, ".items()"), 0.88, words)


def _split_call(value: ast.expr) -> ast.Call | None:
    is_split = isinstance(value, ast.Call) and called_name(value) in ("split", "rsplit")
    return value if isinstance(value, ast.Call) and is_split else None


def _too_many(place: Place, names: ast.Tuple | ast.List, value: ast.expr) -> Iterator[Proposal]:
    source = place.source
    call = _split_call(value)
    if call is not None and len(call.args) < 2 and not call.keywords:
        end = source.span(call)[1] - 1
        text = f", {len(names.elts) - 1}" if call.args else f"maxsplit={len(names.elts) - 1}"
        words = "Only the first marks separate."
        yield change("split_first", source, Splice(end, end, text), 0.85, words)
    last = source.span(names.elts[-1])[1]
    found = change("ignore_surplus", source, Splice(last, last, ", *_"), 0.4, "Surplus parts are ignored.")
    yield found.doubted("drops parts of the input") if call is not None else found


def _not_enough(site: CrashSite, place: Place, names: ast.Tuple | ast.List, value: ast.expr) -> Iterator[Proposal]:
    call = _split_call(value)
    if call is None or not call.args or not isinstance(call.func, ast.Attribute):
        return
    source = place.source
    box, mark = source.code(call.func.value), source.code(call.args[0])
    if is_pure(call.func.value):
        yield from guard_above(site, place, f"{mark} not in {box}", rule="guard_unsplittable", subject=box)
    if len(names.elts) == 2 and isinstance(place.statement, ast.Assign):
        first, second = (source.code(name) for name in names.elts)
        text = f"{first}, _, {second} = {box}.partition({mark})"
        words = f"Text without {mark} has an empty second part."
        yield change("partition", source, source.replace(place.statement, text), 0.5, words)
