"""Stack traces found in free text."""

from __future__ import annotations

from collections.abc import Iterable

from tasks.context.stacktrace.found import Found
from tasks.context.stacktrace.golang import go_exceptions
from tasks.context.stacktrace.java import java_exceptions
from tasks.context.stacktrace.javascript import javascript_exceptions
from tasks.context.stacktrace.lines import log_lines
from tasks.context.stacktrace.pytest_report import pytest_exceptions
from tasks.context.stacktrace.python import python_exceptions
from tasks.context.stacktrace.rich_panel import rich_exceptions
from tasks.context.stacktrace.ruby import ruby_exceptions
from tasks.models import ExceptionInfo

MAX_EXCEPTIONS = 50

_READERS = (
    python_exceptions,
    rich_exceptions,
    pytest_exceptions,
    java_exceptions,
    javascript_exceptions,
    go_exceptions,
    ruby_exceptions,
)

__all__ = ["MAX_EXCEPTIONS", "parse_stack_traces"]


def parse_stack_traces(text: str) -> tuple[ExceptionInfo, ...]:
    """The exceptions that `text` reports, oldest first; one that is logged again and again is kept once, as the last.

    Takes time linear in the text. Beyond `MAX_EXCEPTIONS` the last ones are kept.
    """
    lines = log_lines(text)
    found = sorted((one for read in _READERS for one in _last_distinct(read(lines))), key=lambda one: one.line)
    return tuple(one.exception for one in found[-MAX_EXCEPTIONS:])


def _last_distinct(found: Iterable[Found]) -> list[Found]:
    kept: dict[ExceptionInfo, int] = {}
    for line, exception in found:
        kept.pop(exception, None)
        kept[exception] = line
        if len(kept) > MAX_EXCEPTIONS:
            del kept[next(iter(kept))]
    return [Found(line, exception) for exception, line in kept.items()]
