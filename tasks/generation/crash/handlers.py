"""Handlers around the failing statement: answer, skip or refuse, as the code around it would."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator

from tasks.generation.crash.conventions import global_names
from tasks.generation.crash.fitting import fitting_values
from tasks.generation.crash.guards import UNCERTAIN_ANSWER, skips
from tasks.generation.crash.proposal import Proposal, change
from tasks.generation.crash.refusals import add_import, import_of, refusals
from tasks.generation.crash.site import CrashSite, Place
from tasks.generation.crash.source import Splice


def handle_error(site: CrashSite, place: Place, error_type: str, *, share: float = 1.0) -> Iterator[Proposal]:
    """`try` around the failing statement, or one more type in a handler that is there already."""
    widened = list(widen_handler(site, place, error_type))
    yield from widened
    if widened:
        # A second `try` inside the one that is there is rarely what a person would write.
        share *= 0.7
    function = place.function
    if function is None or not place.source.starts_its_line(place.statement):
        return
    named = error_name(place, error_type)
    if named is None:
        return
    name, needed = named
    for body, weight, words in _exits(site, place):
        source, statement = place.source, place.statement
        unit = source.indent_unit
        refuses = body[-1].startswith("raise ")
        head = f"except {name} as error:" if refuses else f"except {name}:"
        tail = [*body[:-1], f"{body[-1]} from error"] if refuses else body
        lines = ["try:", *(unit + line if line else line for line in source.lines_of(statement)), head]
        splices = [source.replace_lines(statement, statement, [*lines, *(unit + line for line in tail)])]
        splices += [splice for splice in (needed, import_of(site, source, body[-1])) if splice is not None]
        confidence = share * (0.15 + 0.1 * min(weight, 6.0))
        found = change(f"handle_error:{body[-1].split()[0]}", source, splices, confidence, f"On {name}, {words}.")
        yield found if weight > 0 else found.doubted(UNCERTAIN_ANSWER)


def _exits(site: CrashSite, place: Place) -> Iterator[tuple[list[str], float, str]]:
    assert place.function is not None
    share = 1.0
    if place.loop is not None:
        share = 0.5
        yield from skips(place)
    for fit in fitting_values(site.project, place.source, place.function)[:3]:
        yield [f"return {fit.text}".strip()], fit.weight * share, f"return {fit.text or 'early'}: {fit.reason}"
    for fit in refusals(site, place, _subject(place))[:3]:
        yield [fit.text], fit.weight, f"refuse with `{fit.text}`: {fit.reason}"


def _subject(place: Place) -> str:
    if isinstance(place.node, ast.Call) and place.node.args:
        return place.source.code(place.node.args[0])
    return place.source.code(place.node) if place.node is not None else ""


def widen_handler(site: CrashSite, place: Place, error_type: str) -> Iterator[Proposal]:
    """An enclosing `try` of the function that handles a kindred error takes this one too."""
    inner: ast.AST = place.statement
    named = error_name(place, error_type)
    if named is None:
        return
    name, needed = named
    for above in place.source.ancestors(place.statement):
        if isinstance(above, ast.FunctionDef | ast.AsyncFunctionDef):
            return
        if isinstance(above, ast.Try) and inner in above.body:
            for handler in above.handlers:
                if handler.type is not None and name not in ast.unparse(handler.type):
                    splices = [_widened(place, handler.type, name), *([needed] if needed else [])]
                    words = f"The handler there takes {name} too."
                    yield change("widen_handler", place.source, splices, 0.75, words)
        inner = above


def _widened(place: Place, handled: ast.expr, name: str) -> Splice:
    if isinstance(handled, ast.Tuple):
        texts = [place.source.code(item) for item in handled.elts]
        return place.source.replace(handled, f"({', '.join([*texts, name])})")
    return place.source.replace(handled, f"({place.source.code(handled)}, {name})")


def error_name(place: Place, error_type: str) -> tuple[str, Splice | None] | None:
    """How the file can name the type, and the import that this needs; None when it cannot be named."""
    module, _, name = error_type.rpartition(".")
    if not module:
        return (name, None) if hasattr(builtins, name) else None
    known = global_names(place.source)
    if name in known:
        return name, None
    public = {"json.decoder": "json"}.get(module, module)
    if public.split(".")[0] in known:
        return f"{public}.{name}", None
    return name, add_import(place.source, f"from {public} import {name}")
