"""Backtraces of Ruby programs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tasks.context.stacktrace.found import MAX_FRAMES_READ, Found, exception_info
from tasks.models import StackFrame

_PLACE = r"(?P<path>\S+\.(?:rb|erb|rake)):(?P<line>\d{1,9}):in [`'](?P<function>[^`']+)'"
_HEAD = re.compile(rf"^(?:.*\s)?{_PLACE}: (?P<message>.*) \((?P<type>[A-Z][\w:]*)\)$")
_FRAME = re.compile(rf"^\s*(?:\d+: )?(?:from )?{_PLACE}$")


def ruby_exceptions(lines: Sequence[str]) -> Iterator[Found]:
    """One exception a backtrace; Ruby names the raising place first."""
    for at, line in enumerate(lines):
        found = _HEAD.match(line) if ":in " in line else None
        if found:
            frames = [_frame(found), *_callers(lines, at + 1)]
            yield Found(at, exception_info(found["type"], found["message"], frames[::-1]))


def _callers(lines: Sequence[str], at: int) -> Iterator[StackFrame]:
    for number in range(at, min(len(lines), at + MAX_FRAMES_READ)):
        caller = _FRAME.match(lines[number])
        if caller is None:
            return
        yield _frame(caller)


def _frame(found: re.Match[str]) -> StackFrame:
    return StackFrame(path=found["path"], line=int(found["line"]), function=found["function"])
