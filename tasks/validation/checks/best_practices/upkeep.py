"""Small things a reviewer asks for: no function that nothing calls, documentation where the file has it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tasks.models import Level, ValidationIssue
from tasks.validation.change import Change
from tasks.validation.source import FunctionNode, Source

SAMPLE = 5
"""Functions that must agree before they are a custom."""


def check_upkeep(change: Change) -> Iterator[ValidationIssue]:
    for file in change.python_files:
        before, after = file.before, file.after
        if before is None or after is None or after.is_test or before.tree is None:
            continue
        new = {name: node for name, node in after.functions.items() if name not in before.functions}
        for name, node in new.items():
            yield from _unused(name, node, after)
            yield from _undocumented(name, node, before, after)


def _unused(name: str, node: FunctionNode, after: Source) -> Iterator[ValidationIssue]:
    """A private function of the module that the module never mentions."""
    if "." in name or not name.startswith("_") or name.startswith("__") or node.decorator_list:
        return
    if not any(getattr(part, "id", getattr(part, "attr", None)) == name for part in after.nodes):
        suggestion = "use it, or leave it out"
        yield after.issue(
            Level.BEST_PRACTICES, "unused-function", "warning", node, f"nothing calls {name}()", suggestion
        )


def _undocumented(name: str, node: FunctionNode, before: Source, after: Source) -> Iterator[ValidationIssue]:
    public = [item for item in before.functions.values() if not item.name.startswith("_")]
    if node.name.startswith("_") or len(public) < SAMPLE or ast.get_docstring(node):
        return
    if sum(ast.get_docstring(item) is not None for item in public) / len(public) >= 0.9:
        message = f"{name}() has no docstring; nearly every other public function of this file has one"
        yield after.issue(Level.BEST_PRACTICES, "no-docstring", "info", node, message, "say what it returns or does")
