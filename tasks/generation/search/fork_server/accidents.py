"""Notices when `pytest.raises` is satisfied by a crash instead of a `raise` statement.

A candidate that makes the code crash with the expected type passes such a test without doing what it asks for.
"""

from __future__ import annotations

import linecache
import os
import types
import unittest
from typing import Any


class Accidents:
    def __init__(self, root: str) -> None:
        self._root = root + os.sep
        self.count = 0

    def install(self) -> None:
        for kind in _context_classes():
            self._wrap(kind)

    def _wrap(self, kind: Any) -> None:
        original = kind.__exit__

        def leave(context: Any, error_type: Any, error: Any, trace: types.TracebackType | None) -> Any:
            handled = original(context, error_type, error, trace)
            if handled and trace is not None and self._crashed(trace):
                self.count += 1
            return handled

        kind.__exit__ = leave

    def _crashed(self, trace: types.TracebackType) -> bool:
        while trace.tb_next is not None:
            trace = trace.tb_next
        name = trace.tb_frame.f_code.co_filename
        if not name.startswith(self._root):
            return False
        return not linecache.getline(name, trace.tb_lineno).lstrip().startswith(("raise", "assert"))


def _context_classes() -> list[Any]:
    found: list[Any] = [unittest.case._AssertRaisesContext]
    for module, name in (("_pytest.raises", "RaisesExc"), ("_pytest.python_api", "RaisesContext")):
        try:
            found.append(getattr(__import__(module, fromlist=[name]), name))
        except (ImportError, AttributeError):
            continue
    return found
