"""A query or a request for each item of a loop, where one for all would do."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tasks.models import Level, ValidationIssue
from tasks.validation.change import House
from tasks.validation.source import Source

_QUERIES = re.compile(
    r"(.*\.)?(cursor|cur|conn|connection|db|session|database)\.(execute|query|get|scalar|scalars|fetch\w*|refresh)"
    r"|.*\.objects\.(get|filter|create|get_or_create|update_or_create|exclude|count|exists)|.*\.find_one"
)
_SESSION_GETS = re.compile(r"(.*\.)?session\.get")
_REQUESTS = re.compile(r"(requests|httpx)\.(get|post|put|delete|patch|head|request)|urllib\.request\.urlopen")


def check_io_in_loop(source: Source, house: House) -> Iterator[ValidationIssue]:
    if source.is_test:
        return
    for call in source.calls:
        kind = _kind(call, source)
        if kind and _runs_for_each_item(call, source):
            message = f"makes {kind} for each item of a loop"
            suggestion = "fetch them together: one query with IN or a join, executemany, a bulk call, or gather"
            yield source.issue(Level.PERFORMANCE, "io-in-loop", "error", call, message, suggestion)


def _kind(call: ast.Call, source: Source) -> str | None:
    name = source.qualified(call.func)
    if _REQUESTS.fullmatch(name):
        return "a request"
    if _SESSION_GETS.fullmatch(name) and not _gets_by_key(call):
        return None
    return "a query" if _QUERIES.fullmatch(name) else None


def _gets_by_key(call: ast.Call) -> bool:
    """`session.get(Model, key)` asks a database; `session.get("name")` or of a URL asks something else."""
    return len(call.args) == 2 and isinstance(call.args[0], ast.Name)


def _runs_for_each_item(call: ast.Call, source: Source) -> bool:
    """In the body of a `for` (not in what it iterates over), with an argument that changes with the item."""
    child: ast.AST = call
    for around in source.ancestors(call):
        if isinstance(around, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            return False
        if isinstance(around, ast.For | ast.AsyncFor) and child is not around.iter:
            return _uses(call, around.target) and not _leaves_early(around)
        if isinstance(around, ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp):
            return any(_uses(call, item.target) for item in around.generators)
        child = around
    return False


def _uses(call: ast.Call, target: ast.expr) -> bool:
    bound = {node.id for node in ast.walk(target) if isinstance(node, ast.Name)}
    return any(isinstance(node, ast.Name) and node.id in bound for node in ast.walk(call))


def _leaves_early(loop: ast.For | ast.AsyncFor) -> bool:
    """A loop that tries one after the other until something works, e.g. over mirrors or attempts."""
    return any(isinstance(node, ast.Break | ast.Return) for node in ast.walk(loop))
