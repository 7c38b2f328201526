"""Values that an incident shows: in its message, its log lines, its description. Each is a hint at the input."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator

from tasks.models import Incident

MAX_CLUES = 60
MAX_TEXT = 20_000
_QUOTED = re.compile(r"'((?:[^'\\\n]|\\.){0,200})'|\"((?:[^\"\\\n]|\\.){0,200})\"")
_ASSIGNED = re.compile(r"\b[A-Za-z_][\w.]*=([^\s,;&\"'\[\](){}]{1,80})")
_PATH = re.compile(r"(?:GET|POST|PUT|PATCH|DELETE|HEAD) (/[^\s\"?]*)(?:\?(\S+))?")
_NUMBER = re.compile(r"(?<![\w.-])-?\d+(?:\.\d+)?(?![\w.-])")


def clues_of(incident: Incident) -> list[object]:
    """Plain values (text, numbers, dicts, lists), the telling ones first, without repeats."""
    found: dict[str, object] = {}
    for value in _all_clues(incident):
        found.setdefault(repr(value), value)
        if len(found) >= MAX_CLUES:
            break
    return list(found.values())


def _all_clues(incident: Incident) -> Iterator[object]:
    for error in reversed(incident.exceptions):
        yield from message_values(error.message)
    for text in (incident.logs[-MAX_TEXT:], incident.title, incident.description[:MAX_TEXT]):
        own = text.split("Traceback (most recent call last)")[0]
        yield from _documents(own)
        yield from _words(own)


def message_values(message: str) -> Iterator[object]:
    """Literals in an exception's message; the whole message of a KeyError is one."""
    if message.endswith("line 1 column 1 (char 0)"):
        yield ""
    try:
        yield ast.literal_eval(message)
    except (ValueError, SyntaxError, MemoryError):
        pass
    for found in _QUOTED.finditer(message):
        yield _unescape(found.group(0))
    for found in _NUMBER.finditer(message):
        yield _number(found.group(0))


def _unescape(text: str) -> str:
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text[1:-1]
    return value if isinstance(value, str) else text[1:-1]


def _number(text: str) -> int | float:
    return float(text) if "." in text else int(text[:18])


def _documents(text: str) -> Iterator[object]:
    """JSON or Python displays that stand in a line."""
    for line in text.splitlines():
        for start in (found.start() for found in re.finditer(r"[{\[]", line)):
            value = _display(line[start:])
            if value is not None:
                yield value
                if isinstance(value, dict):
                    yield from (item for item in value.values() if isinstance(item, str | int | float))
                break


def _display(text: str) -> object | None:
    try:
        value, _ = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        value = None
    if value is None:
        for end in (found.end() for found in re.finditer(r"[}\]]", text)):
            try:
                value = ast.literal_eval(text[:end])
                break
            except (ValueError, SyntaxError, MemoryError, RecursionError):
                continue
    return value if isinstance(value, dict | list) and value else None


def _words(text: str) -> Iterator[object]:
    for found in _QUOTED.finditer(text):
        yield _unescape(found.group(0))
    for found in _PATH.finditer(text):
        yield found.group(1)
        yield from (_plain(part) for part in found.group(1).split("/") if part)
        yield from (_plain(part.partition("=")[2]) for part in (found.group(2) or "").split("&") if "=" in part)
    for found in _ASSIGNED.finditer(text):
        yield _plain(found.group(1))


def _plain(text: str) -> object:
    return _number(text) if _NUMBER.fullmatch(text) else text
