"""Files in which no fault can sit, because they hold next to nothing, are poor suspects."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import replace

from tasks.context.outline import Outline, Sources
from tasks.context.scoreboard import Point

_SEEN_THERE = frozenset({"stack-frame", "rule"})
_IMPORTS_ONLY_SHARE = 0.2


def weigh_by_substance(points: Iterable[Point], sources: Sources) -> Iterator[Point]:
    """The points without those for empty files, and less for files that only import; what was seen there stays."""
    for point in points:
        outline = sources.outline(point.path)
        if point.kind in _SEEN_THERE or outline is None or not _is_hollow(outline):
            yield point
        elif outline.tree.body:
            yield replace(point, points=point.points * _IMPORTS_ONLY_SHARE)


def _is_hollow(outline: Outline) -> bool:
    return all(_says_nothing(node) for node in outline.tree.body)


def _says_nothing(node: ast.stmt) -> bool:
    if isinstance(node, ast.Assign):
        return all(isinstance(name, ast.Name) and name.id.startswith("__") for name in node.targets)
    return isinstance(node, ast.Import | ast.ImportFrom) or (
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    )
