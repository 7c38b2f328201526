"""A day and a point in time subtracted or compared.

What it does: takes the point in time by its day, always or when it is one.

    before    return (expires - today).days
    after     return (expires - today.date()).days
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tasks.generation.crash.conventions import global_names
from tasks.generation.crash.guards import is_pure
from tasks.generation.crash.proposal import Proposal, change
from tasks.generation.crash.refusals import add_import
from tasks.generation.crash.site import CrashSite

_OPERANDS = re.compile(r"for [-+]: '([\w.]+)' and '([\w.]+)'|instances of '([\w.]+)' and '([\w.]+)'")


def propose(site: CrashSite) -> Iterator[Proposal]:
    place, message = site.raising, site.error.message
    node, source = place.node, place.source
    if site.error.name != "TypeError" or "datetime" not in message or "offset-naive" in message:
        return
    if isinstance(node, ast.BinOp):
        sides = (node.left, node.right)
    elif isinstance(node, ast.Compare):
        sides = (node.left, node.comparators[0])
    else:
        return
    for side, kind in zip(sides, _kinds(message), strict=False):
        if kind == "datetime" and is_pure(side):
            text = source.code(side)
            yield change("by_day", source, source.replace(side, f"{text}.date()"), 0.8, f"`{text}` counts by its day.")
            needed = [] if "datetime" in global_names(source) else [add_import(source, "from datetime import datetime")]
            either = f"({text}.date() if isinstance({text}, datetime) else {text})"
            words = f"`{text}` counts by its day when it is a point in time."
            yield change("by_day_when_time", source, [source.replace(side, either), *needed], 0.7, words)


def _kinds(message: str) -> list[str]:
    """The types of both operands, by their last names."""
    if "can't compare datetime.datetime to datetime.date" in message:
        return ["datetime", "date"]
    found = _OPERANDS.search(message)
    kinds = [kind for kind in (found.groups() if found is not None else ()) if kind]
    return [kind.rsplit(".", 1)[-1] for kind in kinds]
