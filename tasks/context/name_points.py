"""What speaks for the places of one file because the incident names them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tasks.context.clues import Clue, ClueKind, Clues
from tasks.context.literals import messages, routes
from tasks.context.outline import Outline, Sources
from tasks.context.scoreboard import Point

_POINTS = {
    ClueKind.FILE: 8.0,
    ClueKind.MODULE: 5.0,
    ClueKind.IDENTIFIER: 5.0,
    ClueKind.ROUTE: 6.0,
    ClueKind.TABLE: 2.0,
    ClueKind.WORD: 0.6,
}
_MESSAGE_POINTS = 7.0
_USE_SHARE = 0.4
"""Of an identifier's points, where the code only uses it."""
_FEW_USERS = 4
_SHARES = {"label": 0.4, "name of a logger": 0.25}
"""Labels are made for routing alerts, and a logger speaks for all that its module does: names in them say less."""


def name_points(path: str, clues: Clues, sources: Sources) -> Iterator[Point]:
    """Points for the file and its functions, for every clue that names them."""
    outline = sources.outline(path)
    for clue in clues.named:
        share = _SHARES.get(clue.place, 1.0)
        for point in _clue_points(path, clue, outline):
            yield Point(point.path, point.points * share, point.kind, point.detail, point.function, point.line)
    if outline is not None:
        yield from _message_points(outline, clues.messages)


def _clue_points(path: str, clue: Clue, outline: Outline | None) -> Iterator[Point]:
    points, detail = _POINTS[clue.kind], f"{clue.text!r} stands in the {clue.place}"
    if clue.kind is ClueKind.FILE:
        if path == clue.text or path.endswith(f"/{clue.text}") or clue.text.endswith(f"/{path}"):
            line = int(clue.detail) if clue.detail else None
            span = outline.function_at(line) if outline and line else None
            yield Point(path, points, "name", detail, span.name if span else None, line)
    elif clue.kind is ClueKind.MODULE:
        yield from _module_points(path, clue, outline, points, detail)
    elif outline is not None and clue.kind is ClueKind.IDENTIFIER:
        yield from _identifier_points(outline, clue.text, points, detail)
    elif outline is not None and clue.kind is ClueKind.ROUTE:
        yield from _route_points(outline, clue, points)
    elif outline is not None and clue.kind is ClueKind.TABLE:
        yield from _table_points(outline, clue.text, points, detail)
    elif clue.kind is ClueKind.WORD:
        yield from _word_points(path, outline, clue.text, points, detail)


def _module_points(path: str, clue: Clue, outline: Outline | None, points: float, detail: str) -> Iterator[Point]:
    module = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    names = clue.text.split(".")
    for cut in range(len(names), 0, -1):
        head = ".".join(names[:cut])
        if cut < len(names) and path.endswith("/__init__.py"):
            break  # `shop.web` means a module of its own, not the package that would hold it
        if module == head or module.endswith(f".{head}"):
            yield Point(path, points * cut / len(names), "name", detail)
            break
    if outline is not None:
        for span in outline.functions_named(".".join(names[-2:])) or outline.functions_named(names[-1]):
            yield Point(path, points, "name", detail, span.name, None)


def _identifier_points(outline: Outline, name: str, points: float, detail: str) -> Iterator[Point]:
    spans = outline.functions_named(name)
    for span in spans:
        yield Point(outline.path, points / len(spans), "name", f"{detail}, defined here", span.name, None)
    if any(isinstance(node, ast.ClassDef) and node.name == name for node in outline.tree.body):
        yield Point(outline.path, points, "name", f"{detail}, a class of this file")
    elif not spans:
        yield from _use_points(outline, name, points * _USE_SHARE, f"{detail}, used here")


def _use_points(outline: Outline, name: str, points: float, detail: str) -> Iterator[Point]:
    """Few functions that use a name share its points; where many do, it speaks for the file alone."""
    pattern = re.compile(rf"\b{re.escape(name)}\b")
    lines = [number for number, line in enumerate(outline.lines, 1) if pattern.search(line)]
    using: dict[str, int] = {}
    for number in lines:
        span = outline.function_at(number)
        if span is not None:
            using.setdefault(span.name, number)
    if 0 < len(using) <= _FEW_USERS:
        for function, number in using.items():
            yield Point(outline.path, points / len(using), "name", detail, function, number)
    elif lines:
        yield Point(outline.path, points / 2, "name", detail)


def _route_points(outline: Outline, clue: Clue, points: float) -> Iterator[Point]:
    for route in routes(outline.tree):
        shared = route.shared_segments(clue.text, clue.detail)
        if shared:
            spans = outline.functions_named(route.handler)
            detail = f"{clue.detail or 'a request to'} {clue.text} is served by route {route.pattern!r}"
            function = spans[0].name if spans else None
            yield Point(outline.path, points * min(1.0, 0.5 + 0.25 * shared), "name", detail, function, None)


def _table_points(outline: Outline, table: str, points: float, detail: str) -> Iterator[Point]:
    pattern = re.compile(rf"\b(?:from|join|into|update|table)\s+[\"'`]?{re.escape(table)}\b", re.IGNORECASE)
    for number, line in enumerate(outline.lines, 1):
        if pattern.search(line):
            span = outline.function_at(number)
            yield Point(outline.path, points, "name", f"{detail}, queried here", span.name if span else None, number)


def _word_points(path: str, outline: Outline | None, word: str, points: float, detail: str) -> Iterator[Point]:
    if word in re.split(r"[^a-z0-9]+", path.lower()):
        yield Point(path, points * 2, "name", f"{detail}, part of the path")
    for span in outline.functions if outline else ():
        if word in re.split(r"[^a-z0-9]+", span.name.lower()):
            yield Point(path, points, "name", f"{detail}, part of the name", span.name, None)


def _message_points(outline: Outline, reported: tuple[str, ...]) -> Iterator[Point]:
    if not reported:
        return
    for message in messages(outline.tree):
        letters = max(message.letters_in(text) for text in reported)
        if letters:
            span = outline.function_at(message.line)
            detail = f"the reported message is {message.how} at {outline.path}:{message.line}"
            points = _MESSAGE_POINTS * min(1.0, letters / 20)
            yield Point(outline.path, points, "log-line", detail, span.name if span else None, message.line)
