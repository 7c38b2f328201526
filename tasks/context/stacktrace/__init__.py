"""Stack traces found in free text."""

from __future__ import annotations

from tasks.context.stacktrace.lines import log_lines
from tasks.context.stacktrace.python import python_exceptions
from tasks.models import ExceptionInfo

MAX_EXCEPTIONS = 50

__all__ = ["MAX_EXCEPTIONS", "parse_stack_traces"]


def parse_stack_traces(text: str) -> tuple[ExceptionInfo, ...]:
    """The exceptions that `text` reports, oldest first; one that is logged again and again is kept once, as the last.

    Takes time linear in the text. Beyond `MAX_EXCEPTIONS` the last ones are kept.
    """
    lines = log_lines(text)
    found = sorted(python_exceptions(lines), key=lambda one: one.line)
    last_first = dict.fromkeys(one.exception for one in reversed(found))
    return tuple(reversed(list(last_first)[:MAX_EXCEPTIONS]))
