"""What a trace reader hands back: an exception and the line where it stood."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tasks.models import ExceptionInfo, StackFrame

MAX_FRAMES = 200
MAX_FRAMES_READ = 5_000
"""Of one stack; what follows is taken for another."""
MAX_MESSAGE_CHARS = 4_000


class Found(NamedTuple):
    line: int
    """Index into the lines read, which brings the exceptions of several readers into the order of the log."""
    exception: ExceptionInfo


def exception_info(type_: str, message: str, frames: Sequence[StackFrame]) -> ExceptionInfo:
    """An exception of bounded size; of a longer stack the outermost quarter and the innermost rest are kept."""
    if len(frames) > MAX_FRAMES:
        frames = [*frames[: MAX_FRAMES // 4], *frames[-(MAX_FRAMES - MAX_FRAMES // 4) :]]
    return ExceptionInfo(type=type_, message=message.strip()[:MAX_MESSAGE_CHARS], frames=tuple(frames))
