"""Naive and aware times compared or subtracted.

What it does: makes the naive side aware (UTC), the way most of the module's times are; or takes the zone off where the
module's times are naive.

    before    now = datetime.utcnow()
    after     now = datetime.now(timezone.utc)
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tasks.generation.crash.conventions import global_names
from tasks.generation.crash.proposal import Proposal, change
from tasks.generation.crash.refusals import add_import
from tasks.generation.crash.site import CrashSite, Place
from tasks.generation.crash.source import SourceFile, Splice


def propose(site: CrashSite) -> Iterator[Proposal]:
    if "offset-naive" not in site.error.message:
        return
    for depth, place in enumerate(site.places[:3]):
        for proposal in _now_calls(site, place):
            yield _less(proposal, 0.05 * depth)
        yield from _parsed_times(place, 0.05 * depth)
    yield from _operands(site.raising)


def _less(proposal: Proposal, by: float) -> Proposal:
    return type(proposal)(
        proposal.rule, proposal.description, proposal.changes, proposal.confidence - by, proposal.suspicions
    )


def _utc(source: SourceFile) -> tuple[str, list[Splice]]:
    """How the file can name UTC, and the import that this needs."""
    known = global_names(source)
    text = source.text
    if "UTC" in known and re.search(r"from datetime import[^\n]*\bUTC\b", text):
        return "UTC", []
    if "timezone" in known and re.search(r"from datetime import[^\n]*\btimezone\b", text):
        return "timezone.utc", []
    if re.search(r"^import datetime$", text, re.MULTILINE):
        return "datetime.timezone.utc", []
    for node in source.tree.body:
        if isinstance(node, ast.ImportFrom) and node.module == "datetime":
            end = source.span(node.names[-1])[1]
            return "timezone.utc", [Splice(end, end, ", timezone")]
    return "timezone.utc", [add_import(source, "from datetime import timezone")]


def _calls(place: Place) -> Iterator[tuple[ast.Call, str]]:
    function = place.function
    for node in ast.walk(function) if function is not None else ():
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node, node.func.attr


def _now_calls(site: CrashSite, place: Place) -> Iterator[Proposal]:
    """`utcnow()` and `now()` of the function, made aware; in defaults of parameters too."""
    source = place.source
    utc, needed = _utc(source)
    for call, name in _calls(place):
        assert isinstance(call.func, ast.Attribute)
        owner = source.code(call.func.value)
        if name == "utcnow" or (name in ("now", "today") and not call.args and not call.keywords):
            text = f"{owner}.now({utc})"
            confidence = 0.85 if name == "utcnow" else 0.75
            yield change(
                "aware_now", source, [source.replace(call, text), *needed], confidence, "The current time is aware."
            )
        elif name == "now" and (call.args or call.keywords):
            yield change("naive_now", source, source.replace(call, f"{owner}.now()"), 0.3, "The current time is naive.")
        elif name == "utcfromtimestamp" and call.args:
            text = f"{owner}.fromtimestamp({source.code(call.args[0])}, {utc})"
            yield change("aware_timestamp", source, [source.replace(call, text), *needed], 0.85, "The time is aware.")
        elif name == "fromtimestamp" and len(call.args) == 1 and not call.keywords:
            text = f"{owner}.fromtimestamp({source.code(call.args[0])}, {utc})"
            yield change("aware_timestamp", source, [source.replace(call, text), *needed], 0.7, "The time is aware.")


def _parsed_times(place: Place, malus: float) -> Iterator[Proposal]:
    source = place.source
    utc, needed = _utc(source)
    for call, name in _calls(place):
        if name in ("strptime", "fromisoformat"):
            end = source.span(call)[1]
            above = source.parent(call)
            if isinstance(above, ast.Attribute) and above.attr in ("date", "time", "astimezone", "replace"):
                continue
            aware = Splice(end, end, f".replace(tzinfo={utc})")
            yield change("aware_parsed", source, [aware, *needed], 0.7 - malus, "A time without a zone is UTC.")
            naive = Splice(end, end, ".replace(tzinfo=None)")
            yield change("naive_parsed", source, naive, 0.25 - malus, "The zone is taken off.")


def _operands(place: Place) -> Iterator[Proposal]:
    """The naive operand itself, where no call in the function makes it."""
    node = place.node
    pairs: list[ast.expr] = []
    if isinstance(node, ast.Compare) and len(node.comparators) == 1:
        pairs = [node.left, node.comparators[0]]
    elif isinstance(node, ast.BinOp):
        pairs = [node.left, node.right]
    source = place.source
    utc, needed = _utc(source)
    for side in pairs:
        shown = place.frame.locals.get(source.code(side), ("", ""))[1]
        naive = "tzinfo" not in shown
        if isinstance(side, ast.Name | ast.Attribute | ast.Subscript):
            text = f"{source.code(side)}.replace(tzinfo={utc})"
            confidence = 0.5 if shown and naive else 0.3
            yield change(
                "aware_operand", source, [source.replace(side, text), *needed], confidence, "A naive time is UTC."
            )
            yield from _guarded(place, side, utc, needed)


def _guarded(place: Place, side: ast.expr, utc: str, needed: list[Splice]) -> Iterator[Proposal]:
    """Only when it is naive; for a plain name."""
    if isinstance(side, ast.Name):
        source = place.source
        lines = [f"if {side.id}.tzinfo is None:", f"{source.indent_unit}{side.id} = {side.id}.replace(tzinfo={utc})"]
        splices = [source.insert_before(place.anchor, lines), *needed]
        yield change("aware_when_naive", source, splices, 0.52, f"`{side.id}` without a zone is UTC.")
