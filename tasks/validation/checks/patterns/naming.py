"""Names of new functions, methods and classes follow the way of the file, or of the repository."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tasks.models import Level, ValidationIssue
from tasks.validation.change import Change
from tasks.validation.delta import FileChange
from tasks.validation.source import FunctionNode, Source

SAMPLE = 8
"""Names that must agree before they are a convention."""

_SNAKE = re.compile(r"_{0,2}[a-z0-9]+(_[a-z0-9]+)*_{0,2}$")
_CAMEL = re.compile(r"_{0,2}[a-z0-9]+([A-Z][a-z0-9]*)+_{0,2}$")


def check_naming(change: Change) -> Iterator[ValidationIssue]:
    for file in change.python_files:
        if file.before is not None and file.after is not None and file.before.tree is not None:
            yield from _new_names(file, file.before, file.after)


def _new_names(file: FileChange, before: Source, after: Source) -> Iterator[ValidationIssue]:
    known = [name.rpartition(".")[2] for name in before.functions]
    snake = sum(1 for name in known if _SNAKE.match(name))
    camel = sum(1 for name in known if _CAMEL.match(name))
    if snake < SAMPLE or camel:
        return
    for name, node in after.functions.items():
        short = node.name
        if name in before.functions or short in known or not _CAMEL.match(short) or _overrides(node, after):
            continue
        if node.lineno in file.changed_lines:
            message = f"{short!r} is written in camel case; the {snake} other functions of this file use snake case"
            yield after.issue(Level.PATTERNS, "naming", "error", node, message, "write it in snake case")


def _overrides(node: FunctionNode, source: Source) -> bool:
    """Whether a base class may prescribe the name."""
    owner = source.parents.get(node)
    return isinstance(owner, ast.ClassDef) and bool(owner.bases)
