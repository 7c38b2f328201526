"""Failures as pytest prints them: its long, short and one-line styles (the native one is plain Python)."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence

from tasks.context.stacktrace.found import MAX_FRAMES_READ, Found, exception_info
from tasks.context.stacktrace.python import CHAINS, python_exceptions
from tasks.models import ExceptionInfo, StackFrame

MAX_MESSAGE_LINES = 40

_PLACE = re.compile(
    r"^(?P<path>(?:[A-Za-z]:)?[^\s:>|][^:|]*\.pyx?|<[^>]+>):(?P<line>\d+): ?"
    r"(?:in (?P<function>\S.*)|(?P<type>[A-Za-z_][\w.]*)(?:: (?P<message>.*))?|(?P<assertion>assert .*))?$"
)
_ERROR = re.compile(r"^E(?:   (?P<text>.*)| *)$")
_CODE = re.compile(r"^>\s+(?P<code>.*)$")
_FUNCTION = re.compile(r"^\s+(?:async )?def (?P<name>\w+)\(")
_HEADING = re.compile(r"^(?:_{3,}.*_{3,}|={3,}.*={3,})$")
_TYPED = re.compile(r"^(?P<type>(?:[A-Za-z_]\w*\.)*[A-Z]\w*)(?:: (?P<message>.*))?$")


def pytest_exceptions(lines: Sequence[str]) -> Iterator[Found]:
    """The exception of every failure in a pytest report, chained ones included."""
    failure = _Failure()
    for at, line in enumerate(lines):
        if failure.ends_before(line) and (exception := failure.finished()):
            yield Found(at, _chained(exception, lines, at))
        if failure.ends_with(line) and (exception := failure.finished()):
            yield Found(at, _chained(exception, lines, at))
    if exception := failure.finished():
        yield Found(len(lines), exception)


def _chained(exception: ExceptionInfo, lines: Sequence[str], at: int) -> ExceptionInfo:
    """`exception`, related to the next one where a sentence between them says so."""
    for line in lines[at : at + 3]:
        if line in CHAINS:
            return exception.model_copy(update={"relation": CHAINS[line]})
    return exception


class _Failure:
    """One failure while its lines are read."""

    def __init__(self) -> None:
        self._clear()

    def _clear(self) -> None:
        self._frames: list[StackFrame] = []
        self._message: list[str] = []
        self._type = ""
        self._function: str | None = None
        self._code: str | None = None
        self._long = False

    def ends_before(self, line: str) -> bool:
        """Whether `line` no longer belongs to the message; in the long style a place still follows."""
        return bool(self._message) and not self._long and not _ERROR.match(line)

    def ends_with(self, line: str) -> bool:
        """Take one line; true when it completes the exception."""
        if found := _ERROR.match(line):
            if len(self._message) < MAX_MESSAGE_LINES:
                self._message.append(found.group("text") or "")
            return False
        if _HEADING.match(line) or len(self._frames) > MAX_FRAMES_READ:
            self._clear()
        elif found := _CODE.match(line):
            self._code, self._long = found.group("code"), True
        elif found := _FUNCTION.match(line):
            self._function = found.group("name")
        elif found := _PLACE.match(line):
            return self._place(found)
        elif self._frames and not self._long and self._frames[-1].code is None and line.startswith("    "):
            self._frames[-1] = self._frames[-1].model_copy(update={"code": line.strip()})
        return False

    def _place(self, found: re.Match[str]) -> bool:
        path, line, type_ = found["path"], int(found["line"][:9]), found["type"] or ""
        if found["assertion"] or found["message"] is not None:
            return self._one_line(found)
        if found["function"]:
            self._frames.append(StackFrame(path=path, line=line, function=found["function"]))
        elif self._long:
            self._frames.append(StackFrame(path=path, line=line, function=self._function, code=self._code))
            self._type = type_
        self._code, self._function = None, None
        return bool(self._long and type_ and self._message)

    def _one_line(self, found: re.Match[str]) -> bool:
        """A whole failure on one line; a warning or a linter's message looks alike and is none."""
        type_, message = found["type"] or "AssertionError", found["message"] or found["assertion"]
        name = type_.rpartition(".")[2]
        if not name[0].isupper() or name.endswith("Warning"):
            return False
        self._clear()
        self._frames.append(StackFrame(path=found["path"], line=int(found["line"][:9])))
        self._message.append(f"{type_}: {message}")
        return True

    def finished(self) -> ExceptionInfo | None:
        """The exception read so far, when there is one; the next one starts afresh."""
        frames, lines, type_ = self._frames, textwrap.dedent("\n".join(self._message)).split("\n"), self._type
        complete = bool(self._message and frames)
        self._clear()
        if not complete:
            return None
        if lines[0].lstrip().startswith('File "') and (inner := list(python_exceptions(lines))):
            last = inner[-1].exception
            return exception_info(last.type, last.message, [*frames, *last.frames])
        typed = _TYPED.match(lines[0])
        if typed and (not type_ or typed["type"].rpartition(".")[2] == type_):
            return exception_info(typed["type"], "\n".join([typed["message"] or "", *lines[1:]]), frames)
        return exception_info(type_ or "AssertionError", "\n".join(lines), frames)
