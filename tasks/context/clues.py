"""What an incident's text names: files, modules, identifiers, tables, routes and messages."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from tasks.models import Incident

_LONGEST_TEXT = 20_000
_MOST_MESSAGES = 40
_FRAME_LINE = re.compile(r'^\s*File ".*", line \d+.*\n(?:[ \t]+.*\n?)?', re.MULTILINE)
_FILE = re.compile(r"(?<![\w/.-])((?:[\w.-]+[/\\])*[\w-]+\.(?:py|js|jsx|ts|tsx|go|rb|java|kt|rs|php|sql))\b(?::(\d+))?")
_DOTTED = re.compile(r"(?<![\w/.@-])([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+)(?![\w/])")
_CODE_WORD = re.compile(r"(?<![\w/.])(_*[A-Za-z]\w*_\w+|[A-Z][a-z0-9]+(?:[A-Z][A-Za-z0-9]*)+|[A-Za-z_]\w*(?=\())")
_QUOTED = re.compile(r"[`'\"]([A-Za-z_]\w{2,})(?:\(\))?[`'\"]")
_WORD = re.compile(r"(?<![\w./])[a-z]{4,}(?![\w./])")
_TABLE = re.compile(
    r"\b(?:from|join|into|update|table|relation|table:)\s+[\"'`]?(?:\w+\.)?([A-Za-z_]\w+)[\"'`]?"
    r"|no such (?:table|column): (?:\w+\.)?(\w+)|constraint failed: (\w+)\.|column \"(\w+)\"",
    re.IGNORECASE,
)
_ROUTE = re.compile(
    r"\b(GET|POST|PUT|PATCH|DELETE)\s+(?:https?://[^/\s]+)?(/[\w/{}<>:.%~-]*)|(?<=[`'\" (])(/[a-z][\w/{}.-]+)"
)
_LOG_PREFIX = re.compile(
    r"^.*?\b(?:DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|CRITICAL|FATAL|EXCEPTION)\b[\]:|\s-]*(?:\[[^\]]*\]\s*)?",
    re.IGNORECASE,
)
_LOGGER_NAME = re.compile(
    r"^[A-Za-z_][\w.]*(?::\w+:\d+)?\s*(?:[|-]\s+|:(?!/)\s*)|^[a-z_]\w*(?:\.\w+)+\s+"
    r"|^(?:logger|name)=[\w.]+\s+(?:msg|message|event)="
)
_SQL_WORDS = frozenset(
    {"select", "the", "this", "that", "set", "where", "values", "order", "group", "a", "an", "our", "table"}
)
_COMMON_WORDS = frozenset({
    "about", "after", "again", "alert", "also", "answers", "because", "been", "before", "being", "call", "called",
    "calls", "case", "code", "could", "does", "down", "each", "error", "errors", "even", "every", "exception", "fail",
    "failed", "failing", "fails", "failure", "file", "from", "function", "gets", "give", "gives", "have", "high",
    "http", "instead", "into", "issue", "just", "last", "less", "line", "list", "made", "make", "many", "more", "most",
    "must", "never", "none", "null", "only", "other", "over", "raise", "raised", "raises", "requests", "result",
    "return", "returned", "returns", "same", "self", "sends", "service", "should", "since", "some", "such", "test",
    "tests", "than", "that", "their", "them", "then", "there", "they", "this", "time", "traceback", "true", "type",
    "unhandled", "until", "used", "user", "users", "uses", "using", "value", "values", "very", "wants", "were", "what",
    "when", "where", "which", "while", "will", "with", "without", "would", "wrong", "your",
})  # fmt: skip


class ClueKind(StrEnum):
    FILE = "file"
    MODULE = "module"
    IDENTIFIER = "identifier"
    WORD = "word"
    TABLE = "table"
    ROUTE = "route"


@dataclass(frozen=True)
class Clue:
    kind: ClueKind
    text: str
    """A file or a route as written; lower case for words and tables."""
    place: str
    """Where it was read: `title`, `description`, `logs`, `name of a logger`, `exception message`, `label`."""
    detail: str = ""
    """The HTTP method of a route, the line of a file."""


@dataclass(frozen=True)
class Clues:
    named: tuple[Clue, ...]
    messages: tuple[str, ...]
    """Log and exception messages, each to be held against string literals of the code."""

    @cached_property
    def needles(self) -> tuple[tuple[bytes, float], ...]:
        """Lower-case byte strings that a file must hold to be worth parsing, with what a hit is worth."""
        weights = {ClueKind.IDENTIFIER: 3.0, ClueKind.TABLE: 2.0, ClueKind.WORD: 0.5}
        found: dict[str, float] = {}
        for clue in self.named:
            if clue.kind in weights:
                found.setdefault(clue.text.lower(), weights[clue.kind])
            elif clue.kind is ClueKind.ROUTE:
                for part in clue.text.lower().split("/"):
                    if part.isidentifier():
                        found.setdefault(part, 1.5)
            elif clue.kind is ClueKind.MODULE:
                found.setdefault(clue.text.rpartition(".")[2].lower(), 1.0)
        for phrase in _phrases(self.messages):
            found.setdefault(phrase, 4.0)
        return tuple((text.encode(), weight) for text, weight in found.items())


def find_clues(incident: Incident) -> Clues:
    """The names in the incident's own words; stack frames are left to `map_frames`."""
    texts = {
        "title": incident.title,
        "description": incident.description,
        **_log_texts(incident.logs),
        "label": "\n".join(f"{value}" for value in incident.labels.values()),
        "exception message": "\n".join(item.message for item in incident.exceptions),
    }
    named: dict[tuple[ClueKind, str], Clue] = {}
    for place, text in texts.items():
        text = _FRAME_LINE.sub("", text[:_LONGEST_TEXT])
        for clue in _clues(place, text):
            named.setdefault((clue.kind, clue.text), clue)
    return Clues(tuple(named.values()), tuple(_messages(incident)))


def _log_texts(logs: str) -> dict[str, str]:
    """What the lines say, apart from what stands before it: every line of a module bears its logger's name."""
    lines = _FRAME_LINE.sub("", logs[:_LONGEST_TEXT]).splitlines()
    said = [_message_of(line) for line in lines]
    before = [line.strip().removesuffix(message) for line, message in zip(lines, said, strict=True)]
    return {"logs": "\n".join(said), "name of a logger": "\n".join(before)}


def _message_of(line: str) -> str:
    return _LOGGER_NAME.sub("", _LOG_PREFIX.sub("", line.strip(), count=1), count=1).strip()


def _clues(place: str, text: str) -> Iterator[Clue]:
    for match in _FILE.finditer(text):
        yield Clue(ClueKind.FILE, match[1].replace("\\", "/"), place, match[2] or "")
    for match in _DOTTED.finditer(text):
        yield Clue(ClueKind.MODULE, match[1], place)
    for pattern in (_CODE_WORD, _QUOTED):
        for match in pattern.finditer(text):
            yield Clue(ClueKind.IDENTIFIER, match[1], place)
    for match in _TABLE.finditer(text):
        name = next(group for group in match.groups() if group).lower()
        if name not in _SQL_WORDS:
            yield Clue(ClueKind.TABLE, name, place)
    for match in _ROUTE.finditer(text):
        yield Clue(ClueKind.ROUTE, (match[2] or match[3]).rstrip("."), place, match[1] or "")
    if place in ("title", "description"):
        for match in _WORD.finditer(text.lower()):
            if match[0] not in _COMMON_WORDS:
                yield Clue(ClueKind.WORD, match[0], place)


def _messages(incident: Incident) -> Iterator[str]:
    for exception in incident.exceptions:
        if len(exception.message) >= 8:
            yield exception.message.splitlines()[0]
    seen: set[str] = set()
    for line in _FRAME_LINE.sub("", incident.logs[:_LONGEST_TEXT]).splitlines():
        message = _message_of(line)
        if len(message) >= 8 and message not in seen and len(seen) < _MOST_MESSAGES:
            seen.add(message)
            yield message


def _phrases(messages: tuple[str, ...]) -> Iterator[str]:
    """Runs of three plain words, or of two long ones: what a literal in the code shares with its message."""
    for message in messages:
        words = re.split(r"[^A-Za-z']+", message.lower())
        for first, second, third in zip(words, words[1:], words[2:], strict=False):
            phrase = f"{first} {second} {third}"
            if first and second and third and phrase in message.lower():
                yield phrase
        for first, second in itertools.pairwise(words):
            if len(first) + len(second) >= 10 and f"{first} {second}" in message.lower():
                yield f"{first} {second}"
