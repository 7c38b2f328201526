"""Assignments in a loop whose value is the same each time round, moved before the loop."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import libcst as cst

from tasks.generation.codemods.base import Codemod
from tasks.generation.codemods.syntax import assigned_name, bound_names, descendants, dotted

Loop = cst.For | cst.While


class HoistInvariant(Codemod):
    """Moves `name = value` lines at the top level of a loop's body before the loop; subclasses say for which values."""

    description: ClassVar[str]

    def is_hoistable(self, value: cst.BaseExpression) -> bool:
        raise NotImplementedError

    def leave_For(
        self, original_node: cst.For, updated_node: cst.For
    ) -> cst.BaseStatement | cst.FlattenSentinel[cst.BaseStatement]:
        return self._hoisted(original_node, updated_node)

    def leave_While(
        self, original_node: cst.While, updated_node: cst.While
    ) -> cst.BaseStatement | cst.FlattenSentinel[cst.BaseStatement]:
        return self._hoisted(original_node, updated_node)

    def _hoisted(self, original: Loop, updated: Loop) -> cst.BaseStatement | cst.FlattenSentinel[cst.BaseStatement]:
        if not isinstance(original.body, cst.IndentedBlock) or not isinstance(updated.body, cst.IndentedBlock):
            return updated
        moved = [i for i, line in enumerate(original.body.body) if self._moves(original, line)]
        if not moved or len(moved) == len(original.body.body):
            return updated
        lines = list(updated.body.body)
        before = [lines[i] for i in moved]
        rest = [line for i, line in enumerate(lines) if i not in moved]
        first = before[0].with_changes(leading_lines=[*updated.leading_lines, *_comments(before[0])])
        loop = updated.with_changes(body=updated.body.with_changes(body=rest), leading_lines=())
        return cst.FlattenSentinel([first, *before[1:], loop])

    def _moves(self, loop: Loop, line: cst.BaseStatement) -> bool:
        pair = assigned_name(line)
        if pair is None or not self.is_hoistable(pair[1]):
            return False
        name, value = pair
        bound = bound_names(loop)
        read = {n.value for n in descendants(value) if isinstance(n, cst.Name)}
        if read & bound or _times_bound(loop, name) != 1 or _changes_attribute(loop, read):
            return False
        return self.accept(line, f"{self.description}: {name}")


def _comments(line: cst.BaseStatement) -> Sequence[cst.EmptyLine]:
    return [item for item in getattr(line, "leading_lines", ()) if item.comment is not None]


def _times_bound(loop: Loop, name: str) -> int:
    targets = (cst.AssignTarget, cst.AugAssign, cst.AnnAssign, cst.NamedExpr, cst.For, cst.CompFor, cst.Del)
    return sum(
        any(isinstance(n, cst.Name) and n.value == name for n in descendants(node.target))
        for node in descendants(loop)
        if isinstance(node, targets)
    )


def _changes_attribute(loop: Loop, names: set[str]) -> bool:
    """An attribute or item of something that the value reads is set in the loop."""
    for node in descendants(loop):
        if isinstance(node, cst.AssignTarget | cst.AugAssign) and isinstance(
            node.target, cst.Attribute | cst.Subscript
        ):
            root = (dotted(node.target.value) or "").split(".")[0]
            if root in names:
                return True
    return False
