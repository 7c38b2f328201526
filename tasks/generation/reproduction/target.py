"""Which exception of an incident to reproduce, and where in the workspace it was raised."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from tasks.generation.crash.project import Project
from tasks.generation.crash.source import Function, SourceFile
from tasks.generation.trial import Observed
from tasks.models import ExceptionInfo, Incident, StackFrame

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
    """In the repository, the raising function first."""

    @property
    def name(self) -> str:
        return self.error.type.rsplit(".", 1)[-1]

    @property
    def raising(self) -> TargetFrame:
        return self.frames[0]

    def likeness(self, observed: Observed | None) -> int:
        """0 for another crash; up to 4 for the same type, function, line and message."""
        if observed is None or observed.name != self.name:
            return 0
        inside = [frame for frame in observed.frames if frame.path is not None]
        own = [frame for frame in inside if frame.path == self.raising.source.path]
        if not own or not _same_function(own[-1].function, self.raising.function):
            return 0
        if _shape(observed.message) != _shape(self.error.message):
            return 0
        lines = self.raising.source.text.splitlines()
        there = lines[own[-1].line - 1].strip() if own[-1].line <= len(lines) else ""
        return 2 + (there == self.raising.line_text) + (observed.message == self.error.message)


def find_target(incident: Incident, project: Project) -> Target | None:
    """The exception reported last that has a frame in a source file of the repository."""
    for error in reversed(incident.exceptions):
        frames = [found for frame in reversed(error.frames) if (found := _locate(frame, project)) is not None]
        unique = {frame.source.qualified_name(frame.function) + frame.source.path: frame for frame in reversed(frames)}
        if frames and error.type:
            ordered = sorted(unique.values(), key=frames.index)
            return Target(error, tuple(ordered))
    return None


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
        if shared == len(parts) and shared > best_length or (shared > best_length and shared >= 2):
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
    return (holding or named or [by_line])[0]


def _same_function(observed: str, function: Function) -> bool:
    return function.name in re.split(r"[.<>]+", observed)


def _shape(message: str) -> str:
    """The message without the values that differ from one input to the next."""
    if re.search(
        r"object has no attribute|NoneType|unexpected keyword|missing \d+|takes .* positional|not defined", message
    ):
        return message
    text = re.sub(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|-?\d+(?:\.\d+)?|0x[0-9a-f]+", "#", message)
    return re.sub(r"\s+", " ", re.sub(r"#[^#]*#", "#", text)).strip()


def is_async(function: Function) -> bool:
    return isinstance(function, ast.AsyncFunctionDef)
