"""Notes which of the lines that MENDFLOW_TRACE asks for (JSON, absolute path to line numbers) are executed.

From Python 3.12 on by sys.monitoring, where a line costs something once; below by sys.settrace, for the files that
are asked for alone.
"""

# ruff: noqa: PTH100  # nothing more is imported into a stranger's tests than they need

from __future__ import annotations

import json
import os
import sys
import threading
from types import CodeType, FrameType
from typing import Any

_wanted = {path: set(lines) for path, lines in json.loads(os.environ.pop("MENDFLOW_TRACE", "{}")).items()}
_seen: dict[str, set[int]] = {path: set() for path in _wanted}
_paths: dict[str, str] = {}


def covered() -> dict[str, list[int]]:
    """The wanted lines that were executed so far."""
    return {path: sorted(_seen[path] & lines) for path, lines in _wanted.items()}


def start() -> None:
    if not _wanted:
        return
    if hasattr(sys, "monitoring"):
        _start_monitoring()
    else:
        threading.settrace(_trace)
        sys.settrace(_trace)


def _start_monitoring() -> None:
    monitoring: Any = vars(sys)["monitoring"]
    tool = next((number for number in (4, 3, 5) if monitoring.get_tool(number) is None), None)
    if tool is None:
        return
    monitoring.use_tool_id(tool, "mendflow")

    def on_line(code: CodeType, line: int) -> Any:
        seen = _seen.get(_absolute(code.co_filename))
        if seen is not None:
            seen.add(line)
        return monitoring.DISABLE

    monitoring.register_callback(tool, monitoring.events.LINE, on_line)
    monitoring.set_events(tool, monitoring.events.LINE)


def _trace(frame: FrameType, event: str, argument: Any) -> Any:
    seen = _seen.get(_absolute(frame.f_code.co_filename))
    if seen is None:
        return None

    def on_line(frame: FrameType, event: str, argument: Any) -> Any:
        if event == "line":
            seen.add(frame.f_lineno)
        return on_line

    return on_line


def _absolute(name: str) -> str:
    path = _paths.get(name)
    if path is None:
        path = _paths[name] = os.path.abspath(name)
    return path
