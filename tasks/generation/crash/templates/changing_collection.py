"""A collection that changes while it is walked through.

What it does: walks through a copy.

    before    for key, entry in self._entries.items():
    after     for key, entry in list(self._entries.items()):
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tasks.generation.crash.proposal import Proposal, change
from tasks.generation.crash.site import CrashSite


def propose(site: CrashSite) -> Iterator[Proposal]:
    if site.error.name != "RuntimeError" or not any(
        words in site.error.message for words in ("changed size", "changed during", "mutated during", "keys changed")
    ):
        return
    place = site.raising
    function = place.function
    for node in ast.walk(function) if function is not None else ():
        if isinstance(node, ast.For | ast.comprehension):
            text = place.source.code(node.iter)
            near = (isinstance(node, ast.For) and node is place.statement) or node.iter is place.node
            yield change(
                "iterate_over_copy",
                place.source,
                place.source.replace(node.iter, f"list({text})"),
                0.93 if near else 0.5,
                f"The loop walks through a copy of `{text}`.",
            )
