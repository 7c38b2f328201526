"""Tests that prove less than they did: assertions gone, made trivial, or skipped."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tasks.models import Level, ValidationIssue
from tasks.validation.change import Change
from tasks.validation.delta import FileChange
from tasks.validation.source import FunctionNode, Source

_SUGGESTION = "leave the tests alone, or replace the assertion by one at least as strong"


def check_weakened_test(change: Change) -> Iterator[ValidationIssue]:
    for file in change.python_files:
        if file.before is not None and file.after is not None and file.after.is_test and file.before.tree is not None:
            yield from _weakened(file, file.before, file.after)


def _weakened(file: FileChange, before: Source, after: Source) -> Iterator[ValidationIssue]:
    for name, new in after.functions.items():
        old = before.functions.get(name)
        if old is None or not name.rpartition(".")[2].startswith("test"):
            continue
        if not file.touches(_first_line(new), new.end_lineno):
            continue
        reason = weakening(old, new)
        if reason:
            yield after.issue(Level.BEST_PRACTICES, "weakened-test", "error", new, f"{name} {reason}", _SUGGESTION)


def weakening(old: FunctionNode, new: FunctionNode) -> str | None:
    """How test `new` proves less than `old` did; None when it does not."""
    had, has = assertions(old), assertions(new)
    if had and not has:
        return "asserts nothing any more"
    if _skips(new) and not _skips(old):
        return "is skipped or expected to fail now"
    if sum(map(is_trivial, has)) > sum(map(is_trivial, had)):
        return "has an assertion that can never fail"
    return None


def assertions(function: FunctionNode) -> list[ast.AST]:
    """Assert statements, assert* methods, and blocks that expect an exception or a warning."""
    return [node for node in ast.walk(function) if isinstance(node, ast.Assert) or _is_assert_call(node)]


def _is_assert_call(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    return name.lower().startswith(("assert", "expect", "raises", "warns", "fail", "check", "verify"))


def is_trivial(node: ast.AST) -> bool:
    """An assertion about a constant, or of a thing with itself."""
    test = node.test if isinstance(node, ast.Assert) else None
    if isinstance(node, ast.Call) and node.args:
        test = node.args[0]
        name = getattr(node.func, "attr", "")
        if name in {"assertEqual", "assertIs"} and len(node.args) > 1:
            return ast.dump(node.args[0]) == ast.dump(node.args[1])
        if name not in {"assertTrue", "assertIsNotNone"}:
            return False
    if isinstance(test, ast.Constant):
        return bool(test.value)
    if isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.Eq | ast.Is):
        return ast.dump(test.left) == ast.dump(test.comparators[0])
    return False


def _skips(function: FunctionNode) -> bool:
    """Skipped or expected to fail always; a mark with a condition only keeps a test to where it can run."""
    if any(_always_skips(item) for item in function.decorator_list):
        return True
    first = next((item for item in function.body if not isinstance(getattr(item, "value", None), ast.Constant)), None)
    text = ast.unparse(first) if isinstance(first, ast.Expr | ast.Return) else ""
    return text == "return" or text.startswith(("pytest.skip(", "self.skipTest(", "pytest.xfail("))


def _always_skips(decorator: ast.expr) -> bool:
    call = decorator if isinstance(decorator, ast.Call) else None
    name = ast.unparse(call.func if call else decorator).rpartition(".")[2]
    if name in {"skip", "expectedFailure"}:
        return True
    first = call.args[0] if call and call.args else None
    if name == "xfail":
        return first is None
    return name in {"skipif", "skipIf"} and isinstance(first, ast.Constant) and bool(first.value)


def _first_line(node: FunctionNode) -> int:
    return min([node.lineno, *(item.lineno for item in node.decorator_list)])
