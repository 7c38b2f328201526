"""A log cut into lines as the program printed them: without colours, collectors' timestamps and JSON envelopes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

MAX_HEAD_LINES = 200_000
MAX_TAIL_LINES = 600_000
"""Lines looked at in a longer log: its first and last ones, which keeps time and memory bounded."""
MAX_LINE_CHARS = 8_000
MAX_ENVELOPE_CHARS = 1_000_000

_COLOUR = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
# Docker, Kubernetes and GitHub Actions put a timestamp with at least six decimals before every line.
_COLLECTOR_TIME = re.compile(r"^\ufeff?\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6,9}(?:Z|[+-]\d\d:\d\d) ?", re.MULTILINE)
_TRACE_IN_STRING = re.compile(r'Traceback \(most recent|File \\?"|\\n(?:\\t|\s)+at ')

_SYSLOG_BREAK = "#012"
_ESCAPES = {"n": "\n", "t": "\t", '"': '"', "'": "'", "\\": "\\"}
_ESCAPE = re.compile(r"\\([nt\"'\\])")


def log_lines(text: str) -> list[str]:
    """The lines of `text`; a trace that sits escaped inside a JSON record is unfolded into lines of its own."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\x1b" in text:
        text = _COLOUR.sub("", text)
    lines = _bounded(_COLLECTOR_TIME.sub("", text))
    if "\\n" in text or _SYSLOG_BREAK in text:
        lines = [part for line in lines for part in _unfolded(line)]
    return [line if len(line) <= MAX_LINE_CHARS else line[:MAX_LINE_CHARS] for line in lines]


def _bounded(text: str) -> list[str]:
    if text.count("\n") <= MAX_HEAD_LINES + MAX_TAIL_LINES:
        return text.split("\n")
    return [*text.split("\n", MAX_HEAD_LINES)[:-1], *text.rsplit("\n", MAX_TAIL_LINES)[1:]]


def _unfolded(line: str) -> list[str]:
    if _SYSLOG_BREAK in line and _TRACE_IN_STRING.search(line):
        return [*line.replace(_SYSLOG_BREAK, "\n").split("\n"), ""]
    if "\\n" not in line or len(line) > MAX_ENVELOPE_CHARS or not _TRACE_IN_STRING.search(line):
        return [line]
    start = line.find("{")
    if start >= 0:
        try:
            record = json.loads(line[start:])
        except (ValueError, RecursionError):
            pass
        else:
            return [part for text in _multiline_texts(record) for part in [*text.splitlines(), ""]] or [line]
    unescaped = _ESCAPE.sub(lambda found: _ESCAPES[found.group(1)], line)
    return [*unescaped.split("\n"), ""]


def _multiline_texts(record: object) -> Iterator[str]:
    """Strings with line breaks in a JSON value, in document order."""
    waiting = [record]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str) and "\n" in value:
            yield value
        elif isinstance(value, dict):
            waiting.extend(reversed(value.values()))
        elif isinstance(value, list):
            waiting.extend(reversed(value))
