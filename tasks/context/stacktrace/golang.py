"""Panics of Go programs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tasks.context.stacktrace.found import MAX_FRAMES_READ, Found, exception_info
from tasks.models import StackFrame

MAX_LINES_TO_GOROUTINE = 10

_PANIC = re.compile(r"(?:^|\s)(?P<type>panic|fatal error): (?P<message>.*)$")
_GOROUTINE = re.compile(r"^goroutine \d+ (?:gp=\S+ )?.*\[.*\]:$")
_CALL = re.compile(r"^(?:created by )?(?P<function>\S.*?)(?:\([^()]*\))?(?: in goroutine \d+)?$")
_PLACE = re.compile(r"^\t(?P<path>\S.*?\.(?:go|s)):(?P<line>\d{1,9})(?: \+0x[0-9a-f]+)?$")


def go_exceptions(lines: Sequence[str]) -> Iterator[Found]:
    """One exception a panic, with the stack of the goroutine that panicked, which Go prints first."""
    at = 0
    while at < len(lines):
        found = _PANIC.search(lines[at]) if "panic: " in lines[at] or "fatal error: " in lines[at] else None
        start = _goroutine_after(lines, at) if found else None
        if found is None or start is None:
            at += 1
            continue
        frames, after = _read_frames(lines, start + 1)
        yield Found(at, exception_info(found["type"], found["message"].removesuffix(" [recovered]"), frames))
        at = after


def _goroutine_after(lines: Sequence[str], at: int) -> int | None:
    near = range(at + 1, min(len(lines), at + MAX_LINES_TO_GOROUTINE))
    return next((number for number in near if _GOROUTINE.match(lines[number])), None)


def _read_frames(lines: Sequence[str], at: int) -> tuple[list[StackFrame], int]:
    frames: list[StackFrame] = []
    while (
        at + 1 < len(lines)
        and len(frames) < MAX_FRAMES_READ
        and (place := _PLACE.match(lines[at + 1]))
        and (call := _CALL.match(lines[at]))
    ):
        frames.append(StackFrame(path=place["path"], line=int(place["line"]), function=call["function"]))
        at += 2
    return frames[::-1], at
