"""Which lines run, which functions call which, and what types the locals have, while one test runs."""

from __future__ import annotations

import os
import sys
import types
from typing import Any

_SKIPPED_FOLDERS = ("site-packages", "dist-packages")


class Recorder:
    """Collects for one test; `detailed` also notes call depths and the types of locals."""

    def __init__(self, root: str, detailed: bool, only: set[types.CodeType] | None = None) -> None:
        self._root = root + os.sep
        self._detailed = detailed
        self._only = only
        self._relevant: dict[types.CodeType, bool] = {}
        self.lines: set[tuple[types.CodeType, int]] = set()
        self.calls: dict[types.CodeType, int] = {}
        self.order: dict[types.CodeType, int] = {}
        self.locals: dict[types.CodeType, dict[str, set[str]]] = {}

    def begin_test(self) -> None:
        self.lines = set()
        self.calls = {}
        self.order = {}

    def is_relevant(self, code: types.CodeType) -> bool:
        known = self._relevant.get(code)
        if known is None:
            known = code in self._only if self._only is not None else self._inside(code)
            self._relevant[code] = known
        return known

    def _inside(self, code: types.CodeType) -> bool:
        name = code.co_filename
        return name.startswith(self._root) and not any(folder in name for folder in _SKIPPED_FOLDERS)

    def note_call(self, code: types.CodeType) -> None:
        self.calls[code] = self.calls.get(code, 0) + 1
        self.order[code] = len(self.order) if code not in self.order else self.order[code]

    def note_locals(self, code: types.CodeType, values: dict[str, Any]) -> None:
        known = self.locals.setdefault(code, {})
        for name, value in values.items():
            kinds = known.setdefault(name, set())
            if len(kinds) < 4:
                kinds.add(type(value).__name__)


class TraceFunction:
    """Recording by `sys.settrace`, for Python below 3.12."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder

    def start(self) -> None:
        sys.settrace(self._on_call)

    def stop(self) -> None:
        sys.settrace(None)

    def _on_call(self, frame: types.FrameType, event: str, argument: Any) -> Any:
        code = frame.f_code
        if not self.recorder.is_relevant(code):
            return None
        self.recorder.note_call(code)
        return self._on_line_detailed if self.recorder._detailed else self._on_line

    def _on_line(self, frame: types.FrameType, event: str, argument: Any) -> Any:
        if event == "line":
            self.recorder.lines.add((frame.f_code, frame.f_lineno))
        return self._on_line

    def _on_line_detailed(self, frame: types.FrameType, event: str, argument: Any) -> Any:
        if event == "line":
            self.recorder.lines.add((frame.f_code, frame.f_lineno))
        elif event == "return" and self.recorder.calls.get(frame.f_code, 0) <= 20:
            self.recorder.note_locals(frame.f_code, frame.f_locals)
        return self._on_line_detailed


class Monitoring:
    """Recording by `sys.monitoring`: a line costs once a test, other code nothing."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder
        self.api: Any = vars(sys)["monitoring"]
        self.tool = next(t for t in (4, 3, 5, 1) if self.api.get_tool(t) is None)

    def start(self) -> None:
        events = self.api.events
        self.api.use_tool_id(self.tool, "mendflow")
        self.api.register_callback(self.tool, events.PY_START, self._on_start)
        self.api.register_callback(self.tool, events.LINE, self._on_line)
        chosen = events.PY_START | events.LINE
        if self.recorder._detailed:
            self.api.register_callback(self.tool, events.PY_RETURN, self._on_return)
            chosen |= events.PY_RETURN
        self.api.set_events(self.tool, chosen)
        self.api.restart_events()

    def stop(self) -> None:
        self.api.set_events(self.tool, 0)
        self.api.free_tool_id(self.tool)

    def _on_start(self, code: types.CodeType, offset: int) -> Any:
        if not self.recorder.is_relevant(code):
            return self.api.DISABLE
        self.recorder.note_call(code)
        return None if self.recorder._detailed else self.api.DISABLE

    def _on_line(self, code: types.CodeType, line: int) -> Any:
        if self.recorder.is_relevant(code):
            self.recorder.lines.add((code, line))
        return self.api.DISABLE

    def _on_return(self, code: types.CodeType, offset: int, value: Any) -> Any:
        if not self.recorder.is_relevant(code):
            return self.api.DISABLE
        if self.recorder.calls.get(code, 0) <= 20:
            self.recorder.note_locals(code, sys._getframe(1).f_locals)
        return None


def tracer(recorder: Recorder) -> Any:
    return Monitoring(recorder) if hasattr(sys, "monitoring") else TraceFunction(recorder)
