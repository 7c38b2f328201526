"""Text read or written with the wrong encoding.

What it does: names UTF-8 where no encoding or a narrower one is named; where the bytes are not UTF-8 either, reads them
as Windows-1252 or replaces what cannot be decoded.

    before    with open(path, encoding="ascii") as handle:
    after     with open(path, encoding="utf-8") as handle:

Fix safety: files that were readable before are read alike, since ASCII is a part of UTF-8.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tasks.generation.crash.handlers import handle_error
from tasks.generation.crash.proposal import Proposal, change
from tasks.generation.crash.site import CrashSite, Place
from tasks.generation.crash.source import Splice, walk_function

_OPENERS = {"open", "read_text", "write_text", "fdopen", "TextIOWrapper"}
_CODERS = {"decode", "encode"}


def propose(site: CrashSite) -> Iterator[Proposal]:
    if site.error.name not in ("UnicodeDecodeError", "UnicodeEncodeError"):
        return
    for depth, place in enumerate(site.places[:4]):
        for call in _text_calls(place):
            yield from _for_call(site, place, call, 0.04 * depth)
    yield from handle_error(site, site.raising, site.error.name, share=0.6)


def _text_calls(place: Place) -> list[ast.Call]:
    """Calls in the function that turn bytes into text or back; the failing one first."""
    function = place.function
    calls = [node for node in (walk_function(function) if function else ()) if isinstance(node, ast.Call)]
    named = [
        call
        for call in calls
        if _name(call) in _OPENERS | _CODERS or (_name(call) in ("str", "bytes") and len(call.args) > 1)
    ]
    return sorted(named, key=lambda call: call is not place.node)


def _name(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def _for_call(site: CrashSite, place: Place, call: ast.Call, malus: float) -> Iterator[Proposal]:
    now = _encoding_argument(call)
    wide = [("utf-8", 0.85), ("utf-8-sig", 0.3), ("cp1252", 0.45), ("latin-1", 0.4)]
    for encoding, confidence in wide:
        splice = _with_encoding(place, call, now, encoding)
        if splice is not None:
            words = f"The text is {encoding}."
            yield change("name_encoding", place.source, splice, confidence - malus, words)
    if not any(keyword.arg == "errors" for keyword in call.keywords):
        splices = [_appended(place, call, 'errors="replace"')]
        found = change("replace_undecodable", place.source, splices, 0.4 - malus, "What cannot be decoded is replaced.")
        yield found.doubted("loses the letters that cannot be decoded") if now is None else found


def _encoding_argument(call: ast.Call) -> ast.expr | None:
    for keyword in call.keywords:
        if keyword.arg == "encoding":
            return keyword.value
    position = {"decode": 0, "encode": 0, "read_text": 0, "str": 1, "bytes": 1, "TextIOWrapper": 1}.get(_name(call))
    return call.args[position] if position is not None and len(call.args) > position else None


def _with_encoding(place: Place, call: ast.Call, now: ast.expr | None, encoding: str) -> Splice | None:
    quoted = place.source.quote + encoding + place.source.quote
    if now is not None:
        same = isinstance(now, ast.Constant) and str(now.value).lower().replace("_", "-") in (
            encoding,
            encoding.replace("-", ""),
        )
        return None if same else place.source.replace(now, quoted)
    if _name(call) in _CODERS:
        return None if encoding == "utf-8" else _appended(place, call, quoted, first=True)
    mode = call.args[1] if _name(call) == "open" and len(call.args) > 1 else None
    if isinstance(mode, ast.Constant) and "b" in str(mode.value):
        return None
    return _appended(place, call, f"encoding={quoted}")


def _appended(place: Place, call: ast.Call, text: str, *, first: bool = False) -> Splice:
    """`text` as one more argument of the call."""
    source = place.source
    end = source.span(call)[1] - 1
    inside = source.text[source.span(call.func)[1] : end].strip(" (\n\t")
    lead = "" if not inside or first else " " if inside.endswith(",") else ", "
    return Splice(end, end, lead + text)
