"""Python tracebacks: chained, grouped, asynchronous, recursive, cut short, or behind a logger's prefix."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from tasks.context.stacktrace.found import MAX_FRAMES_READ, Found, exception_info
from tasks.models import ExceptionInfo, StackFrame

MAX_MESSAGE_LINES = 40
MAX_FOREIGN_LINES = 20
"""Lines of other programs that may stand between two lines of one prefixed traceback."""

HEADER = "Traceback (most recent call last)"
_FRAME = re.compile(r'^(\s*(?:> )?)File "(.*)", line (\d+)(?:, in (.*))?$')
_EXCEPTION = re.compile(r"^([A-Za-z_][\w.<>]*)(?::(?: (.*)|))?$")
_SURELY_EXCEPTION = re.compile(r"^(?:\w+\.)*\w*(?:Error|Exception|Exit|Interrupt|Group|Timeout|NotFound)(?::|$)")
_ANNOUNCED = re.compile(r"^\[ERROR\] +([A-Za-z_][\w.]*)(?:: (.*))?$")
_MARKERS = re.compile(r"^\s*[\^~][\^~ ]*$")
_REPEATED = re.compile(r"^\s*\[Previous line repeated \d+ more times?\]$")
CHAINS: dict[str, Literal["cause", "context"]] = {
    "The above exception was the direct cause of the following exception:": "cause",
    "During handling of the above exception, another exception occurred:": "context",
}
_GROUP_LINE = re.compile(r"^\s*(?:\|(?: |$)|\+-)")
_GROUP_SEPARATOR = re.compile(r"^\s*\+[-+]*-{3,}")
_LEVEL = r"(?:TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|CRITICAL|FATAL)"
_RECORD = re.compile(
    rf"^(?:\[?\d{{4}}[-/]\d\d[-/]\d\d|\[?\d\d:\d\d:\d\d|[A-Z][a-z]{{2}} +\d+ \d\d:\d\d|\[?{_LEVEL}\b|[IWEF]\d{{4}} |"
    r"\{\"|={5,}|-{5,}|_{5,}|FAILED |\s*File \"|\s*\+? ?(?:Exception Group )?Traceback \(most recent)"
)
_HAS_LEVEL = re.compile(rf"\b{_LEVEL}\b", re.IGNORECASE)


def python_exceptions(lines: Sequence[str]) -> Iterator[Found]:
    """Every exception of every Python traceback, with the line at which its block starts."""
    at = 0
    while at < len(lines):
        line = lines[at]
        if HEADER in line:
            exceptions, after = _read_block(lines, at)
            exceptions = _announced(lines[at - 1] if at else "", exceptions)
        elif 'File "' in line and (frame := _FRAME.match(line)):
            exceptions, after = _read_chain(_Block(lines, at, _indent_before(frame)), 0)
        else:
            at += 1
            continue
        yield from (Found(at, exception) for exception in exceptions)
        at = max(after, at + 1)


@dataclass
class _Block:
    """The lines of one traceback as Python wrote them, from `start` on; read lazily: a false start costs nothing."""

    lines: Sequence[str]
    start: int
    prefix: re.Pattern[str]
    foreign_allowed: bool = False
    one_record_a_line: bool = False
    """The logger repeats its prefix with a level for each line: what follows is then another record."""

    def __post_init__(self) -> None:
        self._read: list[tuple[int, str]] = []
        self._next = self.start

    def line(self, number: int) -> str | None:
        """The `number`-th line of the block without its prefix; None behind its end."""
        while len(self._read) <= number:
            if not self._read_one():
                return None
        return self._read[number][1]

    def _read_one(self) -> bool:
        for at in range(self._next, min(len(self.lines), self._next + 1 + MAX_FOREIGN_LINES * self.foreign_allowed)):
            found = self.prefix.match(self.lines[at])
            if found:
                self._read.append((at, self.lines[at][found.end() :].rstrip()))
                self._next = at + 1
                return True
        return False

    def position(self, number: int) -> int:
        """Where the `number`-th line stands in the whole text."""
        return self._read[number][0] if number < len(self._read) else self._next


def _read_block(lines: Sequence[str], at: int) -> tuple[list[ExceptionInfo], int]:
    line = lines[at]
    before = line[: line.index(HEADER)]
    if before.endswith("Exception Group "):
        return _read_group(lines, at, before.removesuffix("Exception Group "))
    if before.strip():
        level = bool(_HAS_LEVEL.search(before))
        prefixed = _Block(lines, at + 1, _prefix_shape(before), foreign_allowed=True, one_record_a_line=level)
        if _FRAME.match(prefixed.line(0) or ""):
            return _read_chain(prefixed, 0)
    frame = _FRAME.match(lines[at + 1]) if at + 1 < len(lines) else None
    return _read_chain(_Block(lines, at + 1, _indent_before(frame) if frame else re.compile("")), 0)


def _announced(above: str, exceptions: list[ExceptionInfo]) -> list[ExceptionInfo]:
    """AWS Lambda names the exception above its traceback."""
    found = _ANNOUNCED.match(above)
    if not (found and exceptions) or exceptions[-1].type:
        return exceptions
    named = exceptions[-1].model_copy(update={"type": found.group(1), "message": found.group(2) or ""})
    return [*exceptions[:-1], named]


def _indent_before(frame: re.Match[str]) -> re.Pattern[str]:
    """Matches what a whole traceback is indented by: Python itself puts two spaces before a frame."""
    return re.compile(rf"\s{{0,{max(0, len(frame.group(1)) - 2)}}}")


def _prefix_shape(prefix: str) -> re.Pattern[str]:
    """Matches the prefixes of one logger: the digits of its time stamps and process ids may differ."""
    text = prefix.rstrip()
    shape = "".join(r"\d+" if part.isdigit() else re.escape(part) for part in re.split(r"(\d+)", text, maxsplit=40))
    return re.compile(rf"{shape}\s{{0,{len(prefix) - len(text)}}}")


def _read_chain(block: _Block, number: int) -> tuple[list[ExceptionInfo], int]:
    exceptions: list[ExceptionInfo] = []
    while True:
        exception, number = _read_one(block, number)
        if exception is None:
            return exceptions, block.position(number)
        relation, after = _read_separator(block, number)
        exceptions.append(exception.model_copy(update={"relation": relation or "raised"}))
        if relation is None or "+ Exception Group" in (block.line(after) or ""):
            return exceptions, block.position(number if relation is None else after)
        number = after + 1


def _read_one(block: _Block, number: int) -> tuple[ExceptionInfo | None, int]:
    frames, number = _read_frames(block, number)
    line = block.line(number)
    found = _EXCEPTION.match(line) if line else None
    if found is None:
        return (exception_info("", "", frames) if frames else None), number
    message = [found.group(2) or ""]
    number += 1
    while len(message) < MAX_MESSAGE_LINES:
        text = block.line(number)
        if not text or _RECORD.match(text) or text in CHAINS or (block.one_record_a_line and not text[0].isspace()):
            break
        message.append(text)
        number += 1
    return exception_info(found.group(1), "\n".join(message), frames), number


def _read_frames(block: _Block, number: int) -> tuple[list[StackFrame], int]:
    frames: list[StackFrame] = []
    while (line := block.line(number)) is not None and len(frames) < MAX_FRAMES_READ:
        found = _FRAME.match(line)
        if found:
            _, path, at, function = found.groups()
            frames.append(StackFrame(path=path, line=int(at[:9]), function=function or None))
        elif not line:  # loguru sets frames apart
            below = block.line(number + 1) or ""
            if not _FRAME.match(below) and not (frames and _SURELY_EXCEPTION.match(below)):
                break
        elif not line[0].isspace() or not frames:
            break
        elif frames[-1].code is None and not _MARKERS.match(line) and not _REPEATED.match(line):
            frames[-1] = frames[-1].model_copy(update={"code": line.strip()})
        number += 1
    return frames, number


def _read_separator(block: _Block, number: int) -> tuple[Literal["cause", "context"] | None, int]:
    """How the exception just read led to the next one, and which line heads that one's traceback."""
    while block.line(number) == "":
        number += 1
    relation = CHAINS.get((block.line(number) or "").strip())
    if relation is None:
        return None, number
    number += 1
    while (line := block.line(number)) is not None and not line:
        number += 1
    return (relation, number) if line is not None and HEADER in line else (None, number)


def _read_group(lines: Sequence[str], at: int, before: str) -> tuple[list[ExceptionInfo], int]:
    """The members of an exception group, then the group itself, which was reported last."""
    outer = before.rstrip("+ ")
    prefix = _prefix_shape(outer + " ") if outer.strip() else re.compile("")
    parts: list[list[str]] = [[HEADER + ":"]]
    after = at + 1
    while after < len(lines):
        found = prefix.match(lines[after])
        line = lines[after][found.end() :] if found else ""
        if not _GROUP_LINE.match(line):
            break
        if _GROUP_SEPARATOR.match(line):
            parts.append([])
        else:
            parts[-1].append(re.sub(r"^\s*\| ?", "", line))
        after += 1
    whole = _read_plain(parts[0])
    members = [exception for part in parts[1:] for exception in _read_plain(part)]
    relation, _ = _read_separator(_Block(lines, after, prefix), 0)
    if whole and relation:
        whole[-1] = whole[-1].model_copy(update={"relation": relation})
    return [*(member.model_copy(update={"relation": "group"}) for member in members), *whole], after


def _read_plain(lines: list[str]) -> list[ExceptionInfo]:
    text = [line for line in lines if line.strip()]
    if not text:
        return []
    start = lines.index(text[0])
    return _read_chain(_Block(lines, start + (HEADER in text[0]), re.compile("")), 0)[0]
