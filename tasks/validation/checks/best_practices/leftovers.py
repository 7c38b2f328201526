"""What should not have been left in: debuggers, and conditions that are always the same."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tasks.models import Level, ValidationIssue
from tasks.validation.change import House
from tasks.validation.source import Source

_DEBUGGERS = re.compile(
    r"breakpoint|(i?pdb|pudb|wdb|web_pdb|bpdb)\.(set_trace|post_mortem)|pydevd\.settrace|IPython\.embed|code\.interact"
)


def check_leftovers(source: Source, house: House) -> Iterator[ValidationIssue]:
    for node in source.nodes:
        if isinstance(node, ast.Call) and _DEBUGGERS.fullmatch(source.qualified(node.func)):
            message = "stops in a debugger"
            severity = "info" if source.is_test else "error"
            yield source.issue(Level.BEST_PRACTICES, "debugger-left", severity, node, message, "remove it")
        elif (
            isinstance(node, ast.If | ast.IfExp)
            and not source.is_test
            and _is_constant(node.test)
            and not _makes_generator(node)
        ):
            message = f"`{ast.unparse(node.test)[:60]}` is always the same"
            suggestion = "remove the condition, or the code that can't run"
            yield source.issue(Level.BEST_PRACTICES, "constant-condition", "error", node, message, suggestion)


def _is_constant(test: ast.expr) -> bool:
    """True or False whatever the names in it hold: a literal, `x or True`, `x and False`."""
    if isinstance(test, ast.Constant):
        return isinstance(test.value, bool | int)
    if isinstance(test, ast.BoolOp):
        decides = isinstance(test.op, ast.Or)
        return any(isinstance(part, ast.Constant) and part.value is decides for part in test.values)
    return isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not) and _is_constant(test.operand)


def _makes_generator(node: ast.If | ast.IfExp) -> bool:
    """`if False: yield` makes a function a generator."""
    return any(isinstance(part, ast.Yield | ast.YieldFrom) for part in ast.walk(node))
