"""Which exception of an incident to reproduce, and where in the workspace it was raised."""

from __future__ import annotations

import ast
import builtins
import re
from dataclasses import dataclass

from tasks.generation.crash.project import Project
from tasks.generation.crash.source import Function, SourceFile
from tasks.generation.trial import Frame, Observed
from tasks.models import ExceptionInfo, Incident, StackFrame

_GUESS = re.compile(r"\.? Did you (?:mean|forget to import)\b.*$", re.DOTALL)
_EXTERNAL = re.compile(
    r"^(Connection\w*|\w*Timeout\w*|BrokenPipeError|OSError|OperationalError|InterfaceError|URLError|HTTPError|gaierror"
    r"|RemoteDisconnected|SSLError|ChunkedEncodingError|CalledProcessError|IncompleteReadError)$"
)
_LIBRARY = re.compile(r"(^|/)(site-packages|dist-packages|lib/python\d[\d.]*)/|^<")


@dataclass(frozen=True)
class TargetFrame:
    source: SourceFile
    function: Function
    line_text: str


@dataclass(frozen=True)
class Target:
    error: ExceptionInfo
    frames: tuple[TargetFrame, ...]
    """In the repository, the raising function first, each function once."""
    caller: TargetFrame | None = None
    """What called the raising function, when that is in the repository; the same function in a recursion."""
    test_paths: frozenset[str] = frozenset()
    handled: ExceptionInfo | None = None
    """The exception during whose handling the crash happened."""

    @property
    def name(self) -> str:
        return self.error.type.rsplit(".", 1)[-1]

    @property
    def raising(self) -> TargetFrame:
        return self.frames[0]

    def likeness(self, observed: Observed | None) -> int:
        """0 for another crash; up to `FULL_LIKENESS` for the same type, function, line, caller and message."""
        if observed is None or observed.name != self.name:
            return 0
        inside = [frame for frame in observed.frames if frame.path is not None]
        own = [frame for frame in inside if frame.path == self.raising.source.path]
        if not own or not _same_function(own[-1].function, self.raising.function):
            return 0
        if self._line_stands() and _line(self.raising.source, own[-1].line).strip() != self.raising.line_text:
            return 0
        if not self._same_message(observed.message):
            return 0
        return 1 + self._same_caller(inside) + (observed.message == self.error.message)

    @property
    def wanted_likeness(self) -> int:
        """What is worth looking further for: the very message, where it shows values that a fix may depend on."""
        return FULL_LIKENESS + (_shape(self.error.message) != self.error.message)

    def _line_stands(self) -> bool:
        """Whether the reported line still is in the function, so that the crash must happen there."""
        code = self.raising.source.code(self.raising.function)
        return bool(self.raising.line_text) and self.raising.line_text in code

    def _same_message(self, message: str) -> bool:
        if repr_in_line(self.error.message, self.raising.line_text):
            return message == self.error.message
        return _shape(message) == _shape(self.error.message)

    def _same_caller(self, inside: list[Frame]) -> int:
        """2 when the raising function was called from where the incident says, or by nobody in the repository."""
        if self.caller is None:
            return 2
        paths = [frame for frame in inside if frame.path not in self.test_paths]
        before = paths[-2] if len(paths) > 1 else None
        return 2 if before is not None and _same_function(before.function, self.caller.function) else 0


FULL_LIKENESS = 3
"""Type, function, line and caller as reported; a message equal to the letter is one more."""


def find_target(incident: Incident, project: Project) -> Target | None:
    """The exception reported last that has a frame in a source file of the repository."""
    for reported in reversed(incident.exceptions):
        # Python prints its guess behind the message; the exception itself does not hold it.
        error = reported.model_copy(update={"message": _GUESS.sub("", reported.message)})
        frames = [found for frame in reversed(error.frames) if (found := _locate(frame, project)) is not None]
        unique = {frame.source.qualified_name(frame.function) + frame.source.path: frame for frame in reversed(frames)}
        if frames and error.type:
            ordered = sorted(unique.values(), key=frames.index)
            return Target(
                error, tuple(ordered), _caller(frames), frozenset(project.test_paths), _handled(incident, reported)
            )
    return None


def _caller(frames: list[TargetFrame]) -> TargetFrame | None:
    return frames[1] if len(frames) > 1 else None


def _handled(incident: Incident, error: ExceptionInfo) -> ExceptionInfo | None:
    at = incident.exceptions.index(error)
    before = incident.exceptions[at - 1] if at > 0 else None
    return before if before is not None and before.relation in ("context", "cause") else None


def simulated_failure(target: Target) -> str:
    """An exception for a callable to raise, as source text: the one being handled when the crash came, if known."""
    handled = target.handled
    if handled is not None and hasattr(builtins, handled.type):
        return f"{handled.type}({handled.message!r})"
    if is_external(target.name):
        shown = repr(target.error.message) if target.error.message else ""
        return f"{target.error.type if '.' in target.error.type else target.name}({shown})"
    return "RuntimeError('simulated')"


def is_external(error_name: str) -> bool:
    """Whether the exception tells of the world outside, so that no input but only a stand-in can bring it about."""
    return bool(_EXTERNAL.match(error_name))


def match_path(reported: str, paths: tuple[str, ...]) -> str | None:
    """The repository file that shares the longest tail with a reported path; None without one, or for a library's."""
    if _LIBRARY.search(reported.replace("\\", "/")):
        return None
    wanted = reported.replace("\\", "/").split("/")
    best, best_length = None, 0
    for path in paths:
        parts = path.split("/")
        shared = 0
        while shared < min(len(parts), len(wanted)) and parts[-1 - shared] == wanted[-1 - shared]:
            shared += 1
        if (shared == len(parts) and shared > best_length) or (shared > best_length and shared >= 2):
            best, best_length = path, shared
    return best


def _locate(frame: StackFrame, project: Project) -> TargetFrame | None:
    path = match_path(frame.path, project.paths)
    source = project.file(path) if path is not None else None
    if source is None:
        return None
    function = _function_of(source, frame)
    if function is None:
        return None
    return TargetFrame(source, function, (frame.code or _line(source, frame.line)).strip())


def _line(source: SourceFile, line: int | None) -> str:
    lines = source.text.splitlines()
    return lines[line - 1] if line is not None and 0 < line <= len(lines) else ""


def _function_of(source: SourceFile, frame: StackFrame) -> Function | None:
    """By line where the reported code still stands there, else by name; versions may have drifted apart."""
    by_line = source.function_at(frame.line) if frame.line is not None else None
    if by_line is not None and (not frame.code or frame.code.strip() == _line(source, frame.line).strip()):
        return by_line
    name = (frame.function or "").rsplit(".", 1)[-1]
    named = [function for function in source.functions if function.name == name]
    holding = [function for function in named if frame.code and frame.code.strip() in source.code(function)]
    return next(iter([*holding, *named]), by_line)


def _same_function(observed: str, function: Function) -> bool:
    return function.name in re.split(r"[.<>]+", observed)


_ABOUT_TYPES = re.compile(
    r"object has no attribute|NoneType|keyword|missing \d+|takes .* positional|not defined|unsupported operand"
    r"|not supported between|concatenate|object is not|has no len|indices must be|expected str|unhashable"
)
"""In these messages the quoted words are types and names, which must be the same for the crash to be the same."""


def _shape(message: str) -> str:
    """The message without the values that differ from one input to the next."""
    if _ABOUT_TYPES.search(message):
        return message
    text = re.sub(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|-?\d+(?:\.\d+)?|0x[0-9a-f]+", "#", message)
    return re.sub(r"\s+", " ", re.sub(r"#[^#]*#", "#", text)).strip()


def repr_in_line(message: str, line: str) -> bool:
    """Whether a value that the message shows is written in the line: then no other value is the same crash."""
    values = re.findall(r"'([^'\\]+)'", message)
    return any(f'"{value}"' in line or f"'{value}'" in line for value in values)


def is_async(function: Function) -> bool:
    return isinstance(function, ast.AsyncFunctionDef)
