"""A connection that breaks, times out, or comes stale from a pool.

What it does: asks again a bounded number of times, in the way in which the same module does it already; gives a pool
`pool_pre_ping`, a SQLite connection a longer timeout, a request a timeout of its own.

    before    return float(self.transport.get(path))
    after     for attempt in range(3):
                  try:
                      return float(self.transport.get(path))
                  except ConnectionError:
                      if attempt == 2:
                          raise
                      time.sleep(0.1 * 2**attempt)

Fix safety: only reads are safe to repeat; a retry of what writes is marked as a doubt.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tasks.generation.crash.conventions import global_names
from tasks.generation.crash.fitting import DOCUMENTED_WEIGHT, fitting_values
from tasks.generation.crash.handlers import error_name, handle_error
from tasks.generation.crash.project import called_name
from tasks.generation.crash.proposal import Proposal, change
from tasks.generation.crash.refusals import add_import
from tasks.generation.crash.site import CrashSite, Place
from tasks.generation.crash.source import Function, SourceFile, Splice

_KINDS = re.compile(
    r"^(Connection\w*|Timeout\w*|\w*Timeout|BrokenPipeError|OperationalError|InterfaceError|URLError|RemoteDisconnected)$"
)
_WRITES = re.compile(r"\b(insert|post|put|create|send|charge|pay|write|append|publish|delete)\w*\(", re.IGNORECASE)


def propose(site: CrashSite) -> Iterator[Proposal]:
    if not _KINDS.match(site.error.name) and "TimeoutError" not in site.error.bases:
        return
    answered = _has_answer(site)
    for depth, place in enumerate(site.unintended[:2]):
        yield from _like_sibling(site, place, depth)
        yield from _plain_retry(site, place, (0.38 if answered else 0.62) - 0.1 * depth)
        yield from _connection_settings(place, site.error.message)
        yield from handle_error(site, place, site.error.type, share=(1.0 if answered else 0.75) - 0.15 * depth)


def _has_answer(site: CrashSite) -> bool:
    """Whether the function says what it answers when nothing comes."""
    place = next(iter(site.unintended), site.raising)
    if place.function is None:
        return False
    return fitting_values(site.project, place.source, place.function)[0].weight >= DOCUMENTED_WEIGHT


def _like_sibling(site: CrashSite, place: Place, depth: int) -> Iterator[Proposal]:
    """The retry loop of another function of the file around this statement."""
    for loop, statement, function in _retry_loops(place.source):
        if function is place.function or not isinstance(place.statement, ast.Return | ast.Assign | ast.Expr):
            continue
        source = place.source
        lines = source.lines_of(loop)
        first, last = statement.lineno - loop.lineno, (statement.end_lineno or statement.lineno) - loop.lineno
        indent = source.indent(statement).removeprefix(source.indent(loop))
        body = [indent + line for line in source.lines_of(place.statement)]
        if isinstance(place.statement, ast.Assign | ast.Expr):
            body.append(f"{indent}break")
        tail = _tail(source, loop, function) if isinstance(place.statement, ast.Return) else []
        splice = source.replace_lines(
            place.statement, place.statement, [*lines[:first], *body, *lines[last + 1 :], *tail]
        )
        words = f"It is asked again as {function.name} asks again."
        yield change("retry_as_sibling", source, splice, 0.88 - 0.1 * depth, words)


def _retry_loops(source: SourceFile) -> Iterator[tuple[ast.For | ast.While, ast.stmt, Function]]:
    """Loops with a `try` that returns (or assigns), whose handler does not leave at once."""
    for function in source.functions:
        for node in ast.walk(function):
            if isinstance(node, ast.For | ast.While) and source.function(node) is function:
                tries = [inner for inner in node.body if isinstance(inner, ast.Try)]
                if tries and tries[0].handlers and len(tries[0].body) == 1 and isinstance(tries[0].body[0], ast.Return):
                    yield node, tries[0].body[0], function


def _tail(source: SourceFile, loop: ast.stmt, function: Function) -> list[str]:
    """What the sibling says behind its loop, such as `raise AssertionError("unreachable")`."""
    body = function.body
    after = body[body.index(loop) + 1 :] if loop in body else []
    return source.lines_of(after[0], after[-1]) if after and isinstance(after[-1], ast.Raise) else []


def _plain_retry(site: CrashSite, place: Place, confidence: float) -> Iterator[Proposal]:
    named = error_name(place, _widest(site))
    if named is None or not isinstance(place.statement, ast.Return | ast.Assign | ast.Expr):
        return
    source, unit = place.source, place.source.indent_unit
    name, needed = named
    inside = [unit * 2 + line for line in source.lines_of(place.statement)]
    if not isinstance(place.statement, ast.Return):
        inside.append(f"{unit * 2}break")
    awaited = any(isinstance(node, ast.Await) for node in ast.walk(place.statement))
    module = "asyncio" if awaited else "time"
    sleep = "await asyncio.sleep" if awaited else "time.sleep"
    lines = ["for attempt in range(3):", f"{unit}try:", *inside, f"{unit}except {name}:"]
    lines += [f"{unit * 2}if attempt == 2:", f"{unit * 3}raise", f"{unit * 2}{sleep}(0.1 * 2**attempt)"]
    splices = [source.replace_lines(place.statement, place.statement, lines)]
    splices += [needed] if needed is not None else []
    if module not in global_names(source):
        splices.append(add_import(source, f"import {module}"))
    found = change("retry", source, splices, confidence, "It is asked up to three times, with pauses that grow.")
    writes = bool(_WRITES.search(source.code(place.statement)))
    yield found.doubted("repeats what may write") if writes else found


def _widest(site: CrashSite) -> str:
    """`ConnectionError` for its kinds; others as they are."""
    return "ConnectionError" if "ConnectionError" in site.error.bases else site.error.type


def _connection_settings(place: Place, message: str) -> Iterator[Proposal]:
    source = place.source
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.Call):
            continue
        given = {keyword.arg for keyword in node.keywords}
        end = source.span(node)[1] - 1
        lead = ", " if node.args or node.keywords else ""
        if called_name(node) == "create_engine" and "pool_pre_ping" not in given:
            yield change(
                "pool_pre_ping",
                source,
                Splice(end, end, f"{lead}pool_pre_ping=True"),
                0.7,
                "Stale connections are noticed.",
            )
        if "locked" in message and source.code(node.func).endswith("sqlite3.connect") and "timeout" not in given:
            yield change(
                "busy_timeout", source, Splice(end, end, f"{lead}timeout=30"), 0.7, "A locked database is waited for."
            )
