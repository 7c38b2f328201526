"""Answers written in for the inputs of a test, and code that looks whether it is being tested."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tasks.models import Level, ValidationIssue
from tasks.validation.change import Change, House
from tasks.validation.delta import FileChange
from tasks.validation.source import FunctionNode, Source

_SMALL = frozenset({-1, 0, 1, 2, 10, 100, 1000})
_TEST_MARKS = frozenset({"PYTEST_CURRENT_TEST", "PYTEST_VERSION"})


def check_special_case(change: Change) -> Iterator[ValidationIssue]:
    for file in change.python_files:
        if file.before is None or file.after is None or file.after.is_test:
            continue
        for name, function in file.after.functions.items():
            if name in file.before.functions and file.touches(function.lineno, function.end_lineno):
                yield from _written_in(file, file.after, function)


def _written_in(file: FileChange, after: Source, function: FunctionNode) -> Iterator[ValidationIssue]:
    parameters = {item.arg for item in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)}
    for node in ast.walk(function):
        answer = _answer(node, parameters)
        if answer is not None and getattr(node, "lineno", 0) in file.changed_lines:
            message = f"returns {answer} for one particular input"
            suggestion = "compute the answer, so that inputs which no test names come out right too"
            yield after.issue(Level.BEST_PRACTICES, "hard-coded-result", "error", node, message, suggestion)


def _answer(node: ast.AST, parameters: set[str]) -> str | None:
    """The literal returned where a parameter equals a literal that is no usual edge case."""
    if isinstance(node, ast.If) and len(node.body) == 1 and isinstance(node.body[0], ast.Return):
        test, value = node.test, node.body[0].value
    elif isinstance(node, ast.IfExp):
        test, value = node.test, node.body
    else:
        return None
    if value is None or not _is_literal(value) or not _is_particular(value):
        return None
    return ast.unparse(value)[:40] if _names_an_input(test, parameters) else None


def _names_an_input(test: ast.expr, parameters: set[str]) -> bool:
    parts = test.values if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And) else [test]
    for part in parts:
        if not isinstance(part, ast.Compare) or len(part.ops) != 1 or not isinstance(part.ops[0], ast.Eq):
            return False
        sides = (part.left, part.comparators[0])
        given = [side for side in sides if isinstance(side, ast.Name) and side.id in parameters]
        fixed = [side for side in sides if _is_literal(side)]
        if not given or not fixed or isinstance(getattr(fixed[0], "value", None), str) or not _is_particular(fixed[0]):
            return False
    return True


def _is_literal(node: ast.expr) -> bool:
    allowed = (ast.Constant, ast.List, ast.Tuple, ast.Dict, ast.Set, ast.UnaryOp, ast.USub, ast.Load)
    return all(isinstance(part, allowed) for part in ast.walk(node))


def _is_particular(node: ast.expr) -> bool:
    """Not an edge case such as 0, 1, an empty list, None or a flag."""
    if isinstance(node, ast.Constant):
        value = node.value
        if value is None or isinstance(value, bool):
            return False
        return value not in _SMALL if isinstance(value, int | float) else bool(value)
    return any(isinstance(part, ast.Constant) for part in ast.walk(node))


def check_test_detection(source: Source, house: House) -> Iterator[ValidationIssue]:
    if source.is_test:
        return
    for node in source.nodes:
        if _asks_for_tests(node, source):
            message = "behaves differently when it is tested"
            suggestion = "do the same in tests as elsewhere; take what differs as an argument"
            yield source.issue(Level.BEST_PRACTICES, "test-detection", "error", node, message, suggestion)


def _asks_for_tests(node: ast.AST, source: Source) -> bool:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and node.value in _TEST_MARKS
    if not isinstance(node, ast.Compare) or not isinstance(node.ops[0], ast.In | ast.NotIn):
        return False
    named = isinstance(node.left, ast.Constant) and node.left.value in {"pytest", "unittest", "_pytest"}
    return named and source.qualified(node.comparators[0]) == "sys.modules"
