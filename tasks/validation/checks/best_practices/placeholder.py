"""Code that says itself that it is not finished."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator

from tasks.models import Level, ValidationIssue
from tasks.validation.change import House
from tasks.validation.source import Source

_NOTE = re.compile(r"#.*\b(TODO|FIXME|XXX|TBD)\b")
_STAND_IN = re.compile(
    r"your (code|logic|implementation) (goes )?here"
    r"|(add|put|insert|write) (your |the )?(code|logic|implementation) here"
    r"|implement(ation)? (me|this|here|goes here|later|omitted)"
    r"|placeholder (implementation|code|value|for now)"
    r"|(rest|remainder) of (the )?(code|function|file|implementation|method)|existing code( here)?\b|unchanged code"
    r"|(omitted|elided) for brevity|stub(bed)? (out|for now|implementation)"
    r"|not (yet )?implemented( yet)?\s*$",
    re.IGNORECASE,
)
_SUGGESTION = "finish the change, or leave this part out of it"


def check_placeholder(source: Source, house: House) -> Iterator[ValidationIssue]:
    if source.tree is None:
        return
    for line, text in _comments(source.text):
        if _STAND_IN.search(text) or _NOTE.search(text):
            message = f"an unfinished part: {text[:80]!r}"
            yield source.issue(Level.BEST_PRACTICES, "placeholder", "error", line, message, _SUGGESTION)


def _comments(text: str) -> Iterator[tuple[int, str]]:
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT:
                yield token.start[0], token.string
    except (tokenize.TokenError, SyntaxError):
        return
