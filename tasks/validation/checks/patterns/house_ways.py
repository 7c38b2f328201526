"""Logging, error handling, imports and annotations follow the ways of the code around them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tasks.models import Level, ValidationIssue
from tasks.validation.change import Change
from tasks.validation.customs import Customs, is_annotated, raised_name
from tasks.validation.delta import FileChange
from tasks.validation.source import FunctionNode, Source

SAMPLE = 3
"""Times that the other way was seen before it is a custom."""

_SCRIPT = re.compile(
    r"(^|/)(scripts?|bin|tools|examples?|docs?|benchmarks?|demos?)/|(^|/)(setup|manage|cli|__main__|conf|main)\.py$"
)


def check_house_ways(change: Change) -> Iterator[ValidationIssue]:
    for file in change.python_files:
        if file.after is None or file.after.is_test or change.whole_files:
            continue
        for node in file.after.nodes:
            if isinstance(node, ast.stmt | ast.Call | ast.ExceptHandler) and file.is_new(node.lineno):
                yield from _ways_of(node, file, file.after, change.customs)


def _ways_of(node: ast.AST, file: FileChange, after: Source, customs: Customs) -> Iterator[ValidationIssue]:
    if isinstance(node, ast.Call) and after.qualified(node.func) == "print":
        yield from _printing(node, after, customs)
    elif isinstance(node, ast.ExceptHandler) and node.type is None:
        yield from _bare_handler(node, after, customs)
    elif isinstance(node, ast.Raise) and raised_name(node) in {"Exception", "BaseException"}:
        yield from _generic_raise(node, after, customs)
    elif isinstance(node, ast.ImportFrom) and node.names[0].name == "*":
        yield from _star_import(node, after, customs)
    elif isinstance(node, FunctionNode) and not is_annotated(node):
        yield from _without_annotations(node, file, after, customs)


def _printing(node: ast.Call, after: Source, customs: Customs) -> Iterator[ValidationIssue]:
    is_script = _SCRIPT.search(after.path) or re.search(r"__name__ == .__main__.", after.text)
    if not is_script and customs.log_calls >= SAMPLE and customs.prints * 10 <= customs.log_calls:
        message = f"prints, where the code around it logs ({customs.log_calls} times)"
        yield after.issue(Level.PATTERNS, "print-not-log", "error", node, message, "use the module's logger")


def _bare_handler(node: ast.ExceptHandler, after: Source, customs: Customs) -> Iterator[ValidationIssue]:
    if any(isinstance(part, ast.Raise) and part.exc is None for part in ast.walk(node)):
        return
    against = customs.handlers >= SAMPLE and not customs.bare_handlers
    message = "catches everything, even KeyboardInterrupt"
    if against:
        message += f"; all {customs.handlers} handlers around it name what they catch"
    severity = "error" if against else "warning"
    yield after.issue(Level.PATTERNS, "bare-except", severity, node, message, "name the exceptions that can be handled")


def _generic_raise(node: ast.Raise, after: Source, customs: Customs) -> Iterator[ValidationIssue]:
    against = customs.specific_raises >= SAMPLE and not customs.generic_raises
    message = "raises a bare Exception, which callers can only catch with everything else"
    severity = "error" if against else "info"
    yield after.issue(
        Level.PATTERNS, "generic-raise", severity, node, message, "raise one of the exceptions in use here"
    )


def _star_import(node: ast.ImportFrom, after: Source, customs: Customs) -> Iterator[ValidationIssue]:
    if after.path.endswith("__init__.py"):
        return
    severity = "info" if customs.star_imports else "error"
    message = f"imports everything from {node.module}, so no reader can tell where a name comes from"
    yield after.issue(Level.PATTERNS, "star-import", severity, node, message, "import the names in use")


def _without_annotations(
    node: FunctionNode, file: FileChange, after: Source, customs: Customs
) -> Iterator[ValidationIssue]:
    takes_something = any(item.arg not in {"self", "cls"} for item in node.args.args)
    annotated = customs.functions >= 2 * SAMPLE and customs.annotated_functions >= 0.9 * customs.functions
    is_known = file.before is not None and any(item.name == node.name for item in file.before.functions.values())
    if annotated and takes_something and not is_known:
        message = (
            f"{node.name}() has no annotations; {customs.annotated_functions} of {customs.functions} functions have"
        )
        yield after.issue(Level.PATTERNS, "untyped-function", "warning", node, message, "annotate arguments and result")
