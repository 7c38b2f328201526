"""Handlers that catch everything and say nothing."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tasks.models import Level, ValidationIssue
from tasks.validation.change import House
from tasks.validation.source import Source

_BROAD = frozenset({"Exception", "BaseException", "builtins.Exception", "builtins.BaseException"})


def check_swallowed_exception(source: Source, house: House) -> Iterator[ValidationIssue]:
    for node in source.nodes:
        if isinstance(node, ast.ExceptHandler) and _is_broad(node, source) and _does_nothing(node.body):
            caught = ast.unparse(node.type) if node.type else "everything"
            message = f"catches {caught} and drops it"
            suggestion = "catch the narrowest type, and log or re-raise what cannot be handled"
            severity = "warning" if source.is_test else "error"
            yield source.issue(Level.BEST_PRACTICES, "swallowed-exception", severity, node, message, suggestion)


def _is_broad(handler: ast.ExceptHandler, source: Source) -> bool:
    if handler.type is None:
        return True
    types = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(source.qualified(item) in _BROAD for item in types)


def _does_nothing(body: list[ast.stmt]) -> bool:
    return all(
        isinstance(item, ast.Pass | ast.Continue | ast.Break)
        or (isinstance(item, ast.Expr) and isinstance(item.value, ast.Constant))
        or (isinstance(item, ast.Return) and (item.value is None or isinstance(item.value, ast.Constant)))
        for item in body
    )
