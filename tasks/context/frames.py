"""Which stack frames of an incident lie in the repository, and where.

Reports come from other machines: containers, wheels, Windows, an older commit. A frame is matched by the longest tail
that its path shares with a file; what else the report says of it, its function and the text of its line, then confirms
the match and finds the line again when it has moved.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tasks.context.outline import FunctionSpan, Outline, Sources
from tasks.models import ExceptionInfo, StackFrame

_INSTALLED = re.compile(r".*/(?:site|dist)-packages/|.*/[^/]+\.egg/")
_STANDARD_LIBRARY = re.compile(r"/(?:lib|lib64|Lib)/python\d[\d.]*/|/(?:lib|Lib)/python\d*\.zip/|\bPython3?\d+/Lib/")
_DRIVE = re.compile(r"^[A-Za-z]:")
_ANONYMOUS = re.compile(r"<(?:lambda|listcomp|dictcomp|setcomp|genexpr|module|locals)>")


@dataclass(frozen=True)
class OwnFrame:
    """A frame inside the repository."""

    exception: int
    """Index of its exception in the incident."""
    depth: int
    """0 for the innermost own frame of its exception, 1 for its caller ..."""
    path: str
    function: str | None
    """Qualified; None at module level or when the file does not tell."""
    line: int | None
    """In the file as it is now; None when it cannot be told."""
    reported: StackFrame
    confirmed: bool = False
    """The function or the text of the line that was reported is in the file."""
    moved: bool = False
    """The line is not where it was reported."""


def map_frames(exceptions: Sequence[ExceptionInfo], files: Iterable[str], root: Path) -> tuple[OwnFrame, ...]:
    """The frames that lie in `files`, exception by exception, outermost first."""
    mapper = _Mapper(files, Sources(root))
    return tuple(frame for index, exception in enumerate(exceptions) for frame in mapper.own_frames(index, exception))


class _Mapper:
    def __init__(self, files: Iterable[str], sources: Sources) -> None:
        self.sources = sources
        self._by_name: dict[str, list[str]] = {}
        for path in files:
            self._by_name.setdefault(path.rpartition("/")[2], []).append(path)

    def own_frames(self, index: int, exception: ExceptionInfo) -> Iterator[OwnFrame]:
        located = [(frame, path) for frame in exception.frames if (path := self._file_of(frame))]
        for position, (frame, path) in enumerate(located):
            yield self._place(index, len(located) - 1 - position, frame, path)

    def _file_of(self, frame: StackFrame) -> str | None:
        reported = _DRIVE.sub("", frame.path.replace("\\", "/")).removeprefix("file://")
        if reported.startswith("<") or not reported:
            return None
        installed = _INSTALLED.match(reported)
        parts = _parts(reported[installed.end() :] if installed else reported)
        candidates = self._by_name.get(parts[-1], []) if parts else []
        if installed:
            return self._best([path for path in candidates if _shared_tail(path, parts) == len(parts)], frame)
        if _STANDARD_LIBRARY.search(reported):
            return None
        inside = _parts(reported[len(str(self.sources.root)) :]) if reported.startswith(f"{self.sources.root}/") else []
        if inside and "/".join(inside) in candidates:
            return "/".join(inside)
        longest = max((_shared_tail(path, parts) for path in candidates), default=0)
        best = [path for path in candidates if _shared_tail(path, parts) == longest]
        return self._best([path for path in best if self._plausible(path, longest, parts, frame)], frame)

    def _plausible(self, path: str, shared: int, parts: list[str], frame: StackFrame) -> bool:
        """A bare file name is a coincidence unless nothing else is known or the content confirms it."""
        whole = shared == len(parts) or shared == path.count("/") + 1
        return shared > 1 or whole or _confirms(self.sources.outline(path), frame)

    def _best(self, paths: list[str], frame: StackFrame) -> str | None:
        def rank(path: str) -> tuple[bool, int, str]:
            return (not _confirms(self.sources.outline(path), frame), path.count("/"), path)

        return min(paths, key=rank, default=None) if len(paths) != 1 else paths[0]

    def _place(self, index: int, depth: int, frame: StackFrame, path: str) -> OwnFrame:
        outline = self.sources.outline(path)
        if outline is None:
            return OwnFrame(index, depth, path, frame.function, frame.line, frame)
        spans = _spans_named(outline, frame)
        line = _current_line(outline, frame, spans)
        span = outline.function_at(line) if line else (spans[0] if spans else None)
        return OwnFrame(
            exception=index,
            depth=depth,
            path=path,
            function=span.name if span else None,
            line=line,
            reported=frame,
            confirmed=_confirms(outline, frame),
            moved=line != frame.line,
        )


def _parts(path: str) -> list[str]:
    return [part for part in path.split("/") if part not in ("", ".", "..")]


def _shared_tail(path: str, parts: list[str]) -> int:
    shared = 0
    for own, other in zip(reversed(path.split("/")), reversed(parts), strict=False):
        if own != other:
            break
        shared += 1
    return shared


def _spans_named(outline: Outline, frame: StackFrame) -> tuple[FunctionSpan, ...]:
    """Functions that the reported name may mean, those that hold the reported line first."""
    name = _ANONYMOUS.sub("", frame.function or "").replace("..", ".").strip(".")
    spans = outline.functions_named(name) or outline.functions_named(name.rpartition(".")[2]) if name else ()
    at = frame.line or 0
    return tuple(sorted(spans, key=lambda span: max(span.first_line - at, at - span.last_line, 0)))


def _confirms(outline: Outline | None, frame: StackFrame) -> bool:
    if outline is None:
        return False
    code = (frame.code or "").strip()
    return bool(_spans_named(outline, frame)) or (len(code) > 3 and any(line.strip() == code for line in outline.lines))


def _current_line(outline: Outline, frame: StackFrame, spans: Sequence[FunctionSpan]) -> int | None:
    """Where the reported line is now: by its text, else by its number while that stays inside its function."""
    code = (frame.code or "").strip()
    reported = frame.line if frame.line and frame.line <= len(outline.lines) else None
    if code and reported and _same_code(outline.text(reported), code):
        return reported
    if code:
        same = [number for number, text in enumerate(outline.lines, 1) if _same_code(text.strip(), code)]
        inside = [number for number in same if any(s.first_line <= number <= s.last_line for s in spans)]
        pool = inside or ([] if spans else same)
        return min(pool, key=lambda number: (abs(number - (frame.line or 0)), number), default=None)
    if not spans or reported is None:
        return reported
    return reported if any(span.first_line <= reported <= span.last_line for span in spans) else None


def _same_code(text: str, code: str) -> bool:
    """Equal, or the report shows the first line of a statement cut short."""
    return text == code or (len(code) >= 20 and code.endswith("...") and text.startswith(code[:-3]))
