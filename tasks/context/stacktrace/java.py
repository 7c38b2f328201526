"""Stack traces of Java and other languages of its virtual machine."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from tasks.context.stacktrace.found import MAX_FRAMES_READ, Found, exception_info
from tasks.models import ExceptionInfo, StackFrame

_FRAME = re.compile(r"^\s*at (?:[\w.@-]+/{1,2})?(?P<method>[\w.$<>]+)\((?P<place>[^()]*)\)")
_HEAD = re.compile(
    r"(?:^|\s)(?P<caused>Caused by: |Suppressed: )?(?P<type>(?:[a-zA-Z_]\w*\.)+[A-Z][\w$]*|[A-Z]\w*(?:Exception|Error))"
    r"(?:: (?P<message>.*))?$"
)
_MORE = re.compile(r"^\s*\.\.\. \d+ (?:more|common frames omitted)")


def java_exceptions(lines: Sequence[str]) -> Iterator[Found]:
    """The exceptions of every trace. Java prints causes last, incidents list them first."""
    at = 0
    while at < len(lines):
        if "at " not in lines[at] or not _FRAME.match(lines[at]):
            at += 1
            continue
        start, chain = at, list[ExceptionInfo]()
        while True:
            frames, after = _read_frames(lines, at)
            chain.append(_exception(lines[at - 1] if at else "", frames, is_first=not chain))
            if not (after < len(lines) and lines[after].lstrip().startswith(("Caused by: ", "Suppressed: "))):
                break
            at = after + 1
        yield from (Found(start, exception) for exception in reversed(chain))
        at = max(after, at + 1)


def _read_frames(lines: Sequence[str], at: int) -> tuple[list[StackFrame], int]:
    frames: list[StackFrame] = []
    while at < len(lines) and len(frames) < MAX_FRAMES_READ:
        if found := _FRAME.match(lines[at]):
            frames.append(_frame(found))
        elif not _MORE.match(lines[at]):
            break
        at += 1
    return frames[::-1], at


def _frame(found: re.Match[str]) -> StackFrame:
    """The file's path is the class's package and the file's name, as the language lays sources out."""
    owner, _, method = found["method"].rpartition(".")
    package = owner.rpartition(".")[0].replace(".", "/")
    file, _, line = found["place"].partition(":")
    path = f"{package}/{file}" if package else file
    return StackFrame(path=path, line=int(line) if line.isdigit() and len(line) < 10 else None, function=method)


def _exception(head: str, frames: list[StackFrame], is_first: bool) -> ExceptionInfo:
    relation: Literal["raised", "cause"] = "raised" if is_first else "cause"
    found = _HEAD.search(head[:2_000])
    type_, message = (found["type"], found["message"] or "") if found else ("", "")
    return exception_info(type_, message, frames).model_copy(update={"relation": relation})
