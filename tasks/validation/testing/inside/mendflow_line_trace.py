"""Notes which of the lines that MENDFLOW_TRACE asks for (JSON, absolute path to line numbers) are executed.

From Python 3.12 on by sys.monitoring, where a line costs something once; below by sys.settrace, for the files that
are asked for alone.
"""

# ruff: noqa: PTH100  # nothing more is imported into a stranger's tests than they need

import json
import os
import sys
import threading

_wanted = {path: set(lines) for path, lines in json.loads(os.environ.pop("MENDFLOW_TRACE", "{}")).items()}
_seen = {path: set() for path in _wanted}
_paths = {}


def covered():
    """The wanted lines that were executed so far."""
    return {path: sorted(_seen[path] & lines) for path, lines in _wanted.items()}


def start():
    if not _wanted:
        return
    if hasattr(sys, "monitoring"):
        _start_monitoring()
    else:
        threading.settrace(_trace)
        sys.settrace(_trace)


def _start_monitoring():
    monitoring = sys.monitoring
    tool = next((number for number in (4, 3, 5) if monitoring.get_tool(number) is None), None)
    if tool is None:
        return
    monitoring.use_tool_id(tool, "mendflow")

    def on_line(code, line):
        seen = _seen.get(_absolute(code.co_filename))
        if seen is not None:
            seen.add(line)
        return monitoring.DISABLE

    monitoring.register_callback(tool, monitoring.events.LINE, on_line)
    monitoring.set_events(tool, monitoring.events.LINE)


def _trace(frame, event, argument):
    seen = _seen.get(_absolute(frame.f_code.co_filename))
    if seen is None:
        return None

    def on_line(frame, event, argument):
        if event == "line":
            seen.add(frame.f_lineno)
        return on_line

    return on_line


def _absolute(name):
    path = _paths.get(name)
    if path is None:
        path = _paths[name] = os.path.abspath(name)
    return path
