"""A coroutine used as if it were its result.

What it does: awaits the call that made the coroutine, in the function that uses it; makes that function a
coroutine where it is none.

    before    rows = store.fetch(kind)
    after     rows = await store.fetch(kind)
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tasks.generation.crash.project import called_name
from tasks.generation.crash.proposal import Proposal, change
from tasks.generation.crash.site import CrashSite, Place
from tasks.generation.crash.source import Splice, walk_function

_COROUTINE = re.compile(r"\bcoroutine\b|'async_generator' object|never awaited|asynchronous context manager|__aenter__")


def propose(site: CrashSite) -> Iterator[Proposal]:
    message = site.error.message
    if not _COROUTINE.search(message) and "can't be used in 'await' expression" not in message:
        return
    for depth, place in enumerate(site.places[:3]):
        for call in _coroutine_calls(site, place):
            yield _awaited(place, call, 0.9 - 0.1 * depth)
        yield from _async_statements(place, message)
    yield from _needless_await(site.raising, message)


def _coroutine_calls(site: CrashSite, place: Place) -> list[ast.Call]:
    """Calls in the function, not awaited, of what the repository defines with `async def`; the used one first."""
    function = place.function
    if function is None:
        return []
    calls = [node for node in walk_function(function) if isinstance(node, ast.Call)]
    found = [call for call in calls if _is_coroutine(site, call) and not _is_handled(place, call)]
    used = {node.id for node in ast.walk(place.statement) if isinstance(node, ast.Name)}
    return sorted(found, key=lambda call: not _feeds(place, call, used))


def _is_coroutine(site: CrashSite, call: ast.Call) -> bool:
    return any(
        isinstance(function, ast.AsyncFunctionDef) for _, function in site.project.functions_named(called_name(call))
    )


def _is_handled(place: Place, call: ast.Call) -> bool:
    above = place.source.parent(call)
    if isinstance(above, ast.Await):
        return True
    takers = {"gather", "create_task", "run", "wait_for", "ensure_future", "run_until_complete", "append", "shield"}
    return isinstance(above, ast.Call) and called_name(above) in takers


def _feeds(place: Place, call: ast.Call, used: set[str]) -> bool:
    statement = place.source.statement(call)
    if statement is place.statement:
        return True
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    return any(isinstance(target, ast.Name) and target.id in used for target in targets)


def _awaited(place: Place, call: ast.Call, confidence: float) -> Proposal:
    source, function = place.source, place.function
    text = f"await {source.code(call)}"
    if isinstance(
        source.parent(call), ast.Attribute | ast.Subscript | ast.Call | ast.Compare | ast.BinOp | ast.UnaryOp
    ):
        text = f"({text})" if not _is_argument(source.parent(call), call) else text
    splices = [source.replace(call, text)]
    if isinstance(function, ast.FunctionDef):
        start = source.text.index("def ", source.offset(function.lineno, function.col_offset))
        splices.append(Splice(start, start, "async "))
        confidence -= 0.25
    return change("missing_await", source, splices, confidence, f"The result of `{called_name(call)}` is awaited.")


def _is_argument(above: ast.AST | None, call: ast.Call) -> bool:
    return isinstance(above, ast.Call) and call in above.args


def _async_statements(place: Place, message: str) -> Iterator[Proposal]:
    """`for` and `with` over what is asynchronous."""
    statement, source = place.statement, place.source
    if isinstance(statement, ast.For) and ("async_generator" in message or "coroutine" in message):
        start = source.span(statement)[0]
        yield change("async_for", source, Splice(start, start, "async "), 0.85, "The items come asynchronously.")
    if isinstance(statement, ast.With) and (
        "asynchronous" in message or "coroutine" in message or "context manager" in message
    ):
        start = source.span(statement)[0]
        yield change("async_with", source, Splice(start, start, "async "), 0.85, "The context is asynchronous.")
    for node in ast.walk(statement):
        if isinstance(node, ast.comprehension) and not node.is_async and "async_generator" in message:
            start = source.text.rindex("for", 0, source.span(node.target)[0])
            yield change(
                "async_comprehension", source, Splice(start, start, "async "), 0.85, "The items come asynchronously."
            )


def _needless_await(place: Place, message: str) -> Iterator[Proposal]:
    """An awaited call whose result is plain."""
    if "can't be used in 'await' expression" not in message:
        return
    for node in ast.walk(place.statement):
        if isinstance(node, ast.Await):
            text = place.source.code(node.value)
            yield change(
                "needless_await", place.source, place.source.replace(node, text), 0.85, "The call is not asynchronous."
            )
