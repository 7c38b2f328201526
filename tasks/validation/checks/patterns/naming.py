"""Names of new functions and classes follow the way of the code around them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tasks.models import Level, ValidationIssue
from tasks.validation.change import Change
from tasks.validation.customs import CAMEL, Customs
from tasks.validation.delta import FileChange
from tasks.validation.source import FunctionNode, Source

SAMPLE = 6
"""Names that must agree before they are a custom."""
EXCEPTIONS = 0.02
"""Share of names that may differ from a custom."""


def check_naming(change: Change) -> Iterator[ValidationIssue]:
    for file in change.python_files:
        if file.after is not None and (file.before is not None or change.house.repository is not None):
            yield from _functions(file, file.after, change.customs)
            yield from _classes(file, file.after, change.customs)


def _functions(file: FileChange, after: Source, customs: Customs) -> Iterator[ValidationIssue]:
    if customs.snake_functions < SAMPLE or customs.camel_functions > EXCEPTIONS * customs.snake_functions:
        return
    earlier = {node.name for node in file.before.functions.values()} if file.before else set()
    for node in after.functions.values():
        if node.name in earlier or not CAMEL.match(node.name) or not file.is_new(node.lineno):
            continue
        if not _may_be_prescribed(node, after):
            message = (
                f"{node.name!r} is written in camel case, {customs.snake_functions} functions around it in snake case"
            )
            yield after.issue(Level.PATTERNS, "naming", "error", node, message, "write it in snake case")


def _may_be_prescribed(node: FunctionNode, source: Source) -> bool:
    """By a base class, or by a framework that looks the name up."""
    owner = source.parents.get(node)
    return (isinstance(owner, ast.ClassDef) and bool(owner.bases)) or source.is_test


def _classes(file: FileChange, after: Source, customs: Customs) -> Iterator[ValidationIssue]:
    if customs.cap_words_classes < SAMPLE // 3 or customs.other_classes or after.is_test:
        return
    for node in after.nodes:
        if isinstance(node, ast.ClassDef) and node.name[:1].islower() and file.is_new(node.lineno):
            message = f"class {node.name!r} begins in lower case, {customs.cap_words_classes} others with a capital"
            yield after.issue(Level.PATTERNS, "naming", "error", node, message, "write it in CapWords")
