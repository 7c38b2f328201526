"""Where an exception that came without a stack trace could have been raised.

A message such as `division by zero` names no place, yet in a small repository few expressions can raise it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator

from tasks.context.outline import FunctionNode, Outline, Sources
from tasks.context.scoreboard import Point
from tasks.models import Incident, RepositoryContext

_POINTS = 3.0
_MOST_FILES = 200
_MOST_SITES = 12
"""More than that say nothing."""
_LONGEST_TEXT = 20_000
_NAMED = re.compile(r"\b(?P<type>[A-Z]\w*(?:Error|Exception|Iteration))\b(?:: (?P<message>[^\n]{1,300}))?")
_CALLED = {
    "invalid literal for int": {"int"}, "could not convert string to float": {"float"},
    "does not match format": {"strptime"}, "Invalid isoformat": {"fromisoformat"},
    "naive and offset": {"now", "utcnow", "fromisoformat"}, "JSON serializable": {"dumps", "dump"},
    "JSONDecodeError": {"loads", "load", "json"}, "FileNotFoundError": {"open", "read_text", "read_bytes"},
    "FileExistsError": {"mkdir", "makedirs"}, "StopIteration": {"next"}, "pop from": {"pop", "popleft"},
    "is an empty sequence": {"max", "min"}, "arg is an empty": {"max", "min"}, "argument is empty": {"max", "min"},
    "UnicodeDecodeError": {"open", "read_text", "decode"}, "UnicodeEncodeError": {"write", "write_text", "encode"},
    "list.remove(x)": {"remove"}, "sequence item": {"join"},
}  # fmt: skip

Test = Callable[[ast.AST], bool]


def crash_site_points(incident: Incident, repository: RepositoryContext, sources: Sources) -> Iterator[Point]:
    """Points for functions that could raise what the incident names, shared among all of them.

    Empty when there is a stack trace to follow, in a large repository, and when too many places could.
    """
    if any(item.frames for item in incident.exceptions) or len(repository.source_files) > _MOST_FILES:
        return
    text = f"{incident.title}\n{incident.description}\n{incident.logs}"[:_LONGEST_TEXT]
    for named in dict.fromkeys((match["type"], match["message"] or "") for match in _NAMED.finditer(text)):
        could_raise = _test_for(*named)
        if could_raise is None:
            continue
        sites = {}
        for path in repository.source_files:
            outline = sources.outline(path)
            sites.update(dict.fromkeys(_sites(outline, could_raise)) if outline else {})
        for path, function, line in list(sites) if len(sites) <= _MOST_SITES else ():
            detail = f"{path}:{line} can raise the {named[0]} of the report, which came without a stack trace"
            yield Point(path, _POINTS / len(sites), "name", detail, function, line)


def _sites(outline: Outline, could_raise: Test) -> Iterator[tuple[str, str, int]]:
    """One for each function, at the first line of it that could."""
    seen: set[str] = set()
    for node in ast.walk(outline.tree):
        line = getattr(node, "lineno", None)
        span = outline.function_at(line) if line and could_raise(node) else None
        if span is not None and line is not None and span.name not in seen:
            seen.add(span.name)
            yield outline.path, span.name, line


def _test_for(kind: str, message: str) -> Test | None:
    """What a node must be to raise it; None when most code could."""
    by_kind: dict[str, Test] = {"ZeroDivisionError": _divides, "RecursionError": _calls_itself}
    called = next((names for sign, names in _CALLED.items() if sign in message or sign == kind), None)
    if kind in by_kind:
        return by_kind[kind]
    if called is not None:
        return lambda node: _calls(node, called)
    return _subscript_test(kind, message) or _shape_test(message)


def _subscript_test(kind: str, message: str) -> Test | None:
    if kind == "KeyError" and message:
        return lambda node: isinstance(node, ast.Subscript) and _is_key(node.slice, message.strip())
    if kind == "IndexError":
        return lambda node: isinstance(node, ast.Subscript) and not isinstance(node.slice, ast.Slice)
    return None


def _shape_test(message: str) -> Test | None:
    if "values to unpack" in message:
        return lambda node: isinstance(node, ast.Tuple) and isinstance(node.ctx, ast.Store)
    attribute = re.search(r"has no attribute '(\w+)'", message)
    if attribute:
        return lambda node: isinstance(node, ast.Attribute) and node.attr == attribute[1]
    return None


def _divides(node: ast.AST) -> bool:
    if not isinstance(node, ast.BinOp | ast.AugAssign) or not isinstance(node.op, ast.Div | ast.FloorDiv | ast.Mod):
        return False
    left, right = (node.left, node.right) if isinstance(node, ast.BinOp) else (node.target, node.value)
    formats = isinstance(left, ast.Constant | ast.JoinedStr) and isinstance(node.op, ast.Mod)
    return not isinstance(right, ast.Constant) and not formats


def _calls_itself(node: ast.AST) -> bool:
    if not isinstance(node, FunctionNode):
        return False
    return any(_calls(inner, {node.name}) or getattr(inner, "attr", "") == node.name for inner in ast.walk(node))


def _is_key(key: ast.expr, wanted: str) -> bool:
    return repr(key.value) == wanted if isinstance(key, ast.Constant) else not isinstance(key, ast.Slice)


def _calls(node: ast.AST, names: set[str]) -> bool:
    if not isinstance(node, ast.Call):
        return False
    return (getattr(node.func, "id", None) or getattr(node.func, "attr", "")) in names
