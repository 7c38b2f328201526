"""Python tracebacks in the frame that rich draws around them, as typer and Prefect print them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tasks.context.stacktrace.found import MAX_FRAMES_READ, Found, exception_info
from tasks.context.stacktrace.python import CHAINS, HEADER
from tasks.models import StackFrame

MAX_PATH_CHARS = 500

_CORNERS = ("╰", "└", "+-")
_TOP = re.compile(rf"[╭┌+][─-]* {re.escape(HEADER)} [─-]*[╮┐+]?\s*$")
_PLACE = re.compile(r"^(?P<path>\S.*?):(?P<line>\d{1,9}) in (?P<function>\S+)$")
_RAISING = re.compile(r"^❱\s*\d+ (?:│\s*)*(?P<code>.*)$")
_WRAPPED = re.compile(r"^(?:/|~|[A-Za-z]:\\)\S*$")
_EXCEPTION = re.compile(r"^(?P<type>[A-Za-z_][\w.]*)(?:: (?P<message>.*))?$")


def rich_exceptions(lines: Sequence[str]) -> Iterator[Found]:
    """One exception a panel, its type and message from the line below."""
    at = 0
    while at < len(lines):
        if HEADER not in lines[at] or not _TOP.search(lines[at]):
            at += 1
            continue
        frames, after = _read_panel(lines, at + 1)
        below = _EXCEPTION.match(lines[after].strip()) if after < len(lines) else None
        type_, message = (below["type"], below["message"] or "") if below else ("", "")
        if frames:
            exception = exception_info(type_, message, frames)
            relation = next((CHAINS[line] for line in lines[after + 1 : after + 4] if line in CHAINS), "raised")
            yield Found(at, exception.model_copy(update={"relation": relation}))
        at = max(after, at + 1)


def _read_panel(lines: Sequence[str], at: int) -> tuple[list[StackFrame], int]:
    """The frames inside the panel, and the first line below it."""
    frames: list[StackFrame] = []
    wrapped = ""
    while at < len(lines) and len(frames) < MAX_FRAMES_READ:
        inside = _inside(lines[at])
        if inside is None:
            return frames, at + any(corner in lines[at] for corner in _CORNERS)
        text = wrapped + inside
        if place := _PLACE.match(text):
            frames.append(StackFrame(path=place["path"], line=int(place["line"]), function=place["function"]))
        elif frames and (raising := _RAISING.match(inside)):
            frames[-1] = frames[-1].model_copy(update={"code": raising["code"].strip() or None})
        wrapped = text if len(text) < MAX_PATH_CHARS and _WRAPPED.match(text) else ""
        at += 1
    return frames, at


def _inside(line: str) -> str | None:
    """What stands between the panel's borders; None for a line that has none."""
    for border in "│|":
        _, found, text = line.partition(f"{border} ")
        if found:
            return text.rstrip().removesuffix(border).rstrip()
    return None
