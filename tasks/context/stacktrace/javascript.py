"""Stack traces of JavaScript as V8 prints them (Node, Chrome)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tasks.context.stacktrace.found import MAX_FRAMES_READ, Found, exception_info
from tasks.models import StackFrame

_FRAME = re.compile(
    r"^\s+at (?:(?:async )?(?P<function>[^()]*?) \()?(?P<path>[^()]*?):(?P<line>\d{1,9}):\d+\)?,?(?: \{)?$"
)
_NATIVE = re.compile(r"^\s+at [^()]*(?:\((?:<anonymous>|native|index \d+)\))?$")
_HEAD = re.compile(r"(?P<cause>\[cause\]: )?(?P<type>[A-Za-z_$][\w$.]*)(?: \[\w+\])?(?:: (?P<message>.*))?$")


def javascript_exceptions(lines: Sequence[str]) -> Iterator[Found]:
    """The exceptions of every trace, frames turned to outermost first; a `[cause]` comes before what it caused."""
    held: list[Found] = []
    at = 0
    while at < len(lines):
        if " at " not in lines[at] or not _FRAME.match(lines[at]):
            at += 1
            continue
        frames, after = _read_frames(lines, at)
        head = _HEAD.match(lines[at - 1].strip()[:2_000]) if at else None
        type_, message = (head["type"], head["message"] or "") if head else ("", "")
        exception = exception_info(type_, message, frames)
        if head and head["cause"]:
            yield Found(held[0].line if held else at, exception.model_copy(update={"relation": "cause"}))
        else:
            yield from held
            held = [Found(at, exception)]
        at = after
    yield from held


def _read_frames(lines: Sequence[str], at: int) -> tuple[list[StackFrame], int]:
    frames: list[StackFrame] = []
    while (
        at < len(lines)
        and len(frames) < MAX_FRAMES_READ
        and (found := _FRAME.match(lines[at]) or _NATIVE.match(lines[at]))
    ):
        if found.re is _FRAME:
            path = found["path"].removeprefix("async ").removeprefix("file://")
            frames.append(StackFrame(path=path, line=int(found["line"]), function=found["function"] or None))
        at += 1
    return frames[::-1], at
