"""Functions that the change made much harder to follow, by radon's cyclomatic complexity."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from radon.visitors import ComplexityVisitor

from tasks.models import Level, ValidationIssue
from tasks.validation.change import Change
from tasks.validation.source import FunctionNode

NOTABLE = 15
"""Paths through a function from which growth is worth a word (radon grades 11 to 20 as C)."""
GROWTH = 10
"""Paths that one change may add to a function that was notable already."""


def check_complexity(change: Change) -> Iterator[ValidationIssue]:
    for file in change.python_files:
        after = file.after
        if after is None:
            continue
        earlier = file.before.functions if file.before else {}
        for name, node in after.functions.items():
            if not file.touches(node.lineno, node.end_lineno):
                continue
            new = cyclomatic(node)
            old = cyclomatic(earlier[name]) if name in earlier else 0
            if new > NOTABLE and new - old >= GROWTH:
                severity = "warning" if old else "info"
                message = f"{name}() has {new} paths through it" + (f", {old} before" if old else "")
                suggestion = "move a part of it into a function of its own"
                yield after.issue(Level.PERFORMANCE, "complexity", severity, node, message, suggestion)


def cyclomatic(node: FunctionNode) -> int:
    """Independent paths through the function, nested functions included."""
    blocks = ComplexityVisitor.from_ast(ast.Module(body=[node], type_ignores=[])).blocks
    return int(blocks[0].complexity) if blocks else 1
