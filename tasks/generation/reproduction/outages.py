"""Stand-ins for the world outside: the library function on the crashing line fails once as reported, then works."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable, Iterator
from dataclasses import replace

from tasks.generation.crash.project import module_of
from tasks.generation.crash.source import SourceFile
from tasks.generation.reproduction.bodies import Body
from tasks.generation.reproduction.target import Target, TargetFrame, is_external, simulated_failure


def with_outage(target: Target, bodies: Iterable[Body]) -> Iterator[Body]:
    """The bodies with a stand-in in front, for each call on the crashing line that leaves the repository."""
    if not is_external(target.name):
        return
    failure = simulated_failure(target)
    module = failure.split("(")[0].rpartition(".")[0]
    imports = (
        "from itertools import chain, repeat",
        "from unittest import mock",
        *([f"import {module}"] if module else []),
    )
    places = list(_outside_calls(target.raising))
    for body in bodies:
        for place, kind in places:
            answers = f"chain([{failure}], repeat(mock.MagicMock()))"
            text = f"outage = mock.{kind}(side_effect={answers})\nmonkeypatch.setattr({place!r}, outage)"
            fixtures = body.fixtures if "monkeypatch" in body.fixtures else (*body.fixtures, "monkeypatch")
            prepared = body.with_statements((*ast.parse(text).body, *body.statements), f"{place} fails once")
            yield replace(prepared, fixtures=fixtures, imports=(*body.imports, *imports))


def _outside_calls(frame: TargetFrame) -> Iterator[tuple[str, str]]:
    """Dotted paths, as `monkeypatch.setattr` takes them, of library functions that the crashing line calls.

    With each the class of the stand-in: another one where the call is awaited.
    """
    imported = _imported_names(frame.source)
    for node in ast.walk(frame.function):
        if not isinstance(node, ast.Call) or frame.source.code(node).split("(")[0] not in frame.line_text:
            continue
        called = ast.unparse(node.func)
        root = called.split(".")[0]
        if all(part.isidentifier() for part in called.split(".")) and root in imported and not hasattr(builtins, root):
            awaited = isinstance(frame.source.parent(node), ast.Await)
            yield f"{module_of(frame.source.path)}.{called}", "AsyncMock" if awaited else "Mock"


def _imported_names(source: SourceFile) -> set[str]:
    return {
        (alias.asname or alias.name).split(".")[0]
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
