"""Statements after a return, raise, break or continue of the same block."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import pairwise

from tasks.models import Level, ValidationIssue
from tasks.validation.change import House
from tasks.validation.source import Source

_ENDS = (ast.Return, ast.Raise, ast.Break, ast.Continue)


def check_unreachable(source: Source, house: House) -> Iterator[ValidationIssue]:
    for _, block in source.blocks:
        for last, statement in pairwise(block):
            if isinstance(last, _ENDS) and not _makes_generator(statement):
                message = f"this statement never runs: the {type(last).__name__.lower()} before it always leaves"
                suggestion = "remove it, or make the statement before it conditional"
                yield source.issue(Level.SYNTAX, "unreachable-code", "error", statement, message, suggestion)
                break


def _makes_generator(statement: ast.stmt) -> bool:
    """`return` then `yield` is the usual way to write an empty generator."""
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Yield | ast.YieldFrom)
