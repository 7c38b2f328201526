"""Code that says itself that it is not finished."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator

from tasks.models import Level, ValidationIssue
from tasks.validation.change import House
from tasks.validation.checks.best_practices.bodies import is_idle
from tasks.validation.source import Source

_NOTE = re.compile(r"#.*\b(TODO|FIXME|XXX|TBD)\b")
_STAND_IN = re.compile(
    r"your (code|logic|implementation) (goes )?here"
    r"|(add|put|insert|write) (your |the )?(code|logic|implementation) here"
    r"|implement(ation)? (me|this|here|goes here|later|omitted)"
    r"|placeholder (implementation|code|value|for now)"
    r"|(rest|remainder) of (the )?(code|function|file|implementation|method)"
    r"|\.\.\. ?(existing|unchanged)|(existing|unchanged) code (here|goes|remains|stays|omitted)"
    r"|(omitted|elided) for brevity|stub(bed)? (out|for now|implementation)"
    r"|not (yet )?implemented( yet)?\s*$",
    re.IGNORECASE,
)
_WORTH_READING = re.compile(rf"{_NOTE.pattern}|#.*({_STAND_IN.pattern})", re.IGNORECASE | re.MULTILINE)
_SAYS_UNDONE = re.compile(
    r"\b(TODO|FIXME|XXX|TBD)\b\W*(please )?(implement|fill (this |it )?in|finish|complete this|write this"
    r"|fix (this|me|it)\b"
    r"|add (the |an? |some |proper |real |actual |your )*(error|exception|real|actual|proper|missing"
    r"|implementation|logic|validation|handling|code))",
    re.IGNORECASE,
)
_SUGGESTION = "finish the change, or leave this part out of it"


def check_placeholder(source: Source, house: House) -> Iterator[ValidationIssue]:
    """A stand-in is an error; a note beside code that works only tells, since maintainers leave them in good changes.

    The patch policy refuses such notes in candidates all the same.
    """
    if source.tree is None or source.is_fixture:
        return
    if not _WORTH_READING.search(source.text):
        return
    idle = frozenset(_idle_statement_lines(source))
    for line, text in _comments(source.text):
        is_note = _NOTE.search(text) is not None
        if _STAND_IN.search(text) or (is_note and (_SAYS_UNDONE.search(text) or _stands_for(line, idle, source))):
            message = f"stands in for code that is missing: {text[:80]!r}"
            yield source.issue(Level.BEST_PRACTICES, "placeholder", "error", line, message, _SUGGESTION)
        elif is_note:
            message = f"leaves something to be done: {text[:80]!r}"
            yield source.issue(Level.BEST_PRACTICES, "unfinished-note", "info", line, message, _SUGGESTION)


def notes(text: str) -> list[str]:
    """The comments of Python code that leave something to be done."""
    return [comment for _, comment in _comments(text) if _NOTE.search(comment) or _STAND_IN.search(comment)]


def _idle_statement_lines(source: Source) -> Iterator[int]:
    """Lines of statements that do nothing and are all that their block holds."""
    for node, block in source.blocks:
        real = [item for item in block if not _is_bare_text(item)]
        if len(real) == 1 and is_idle(real[0]):
            yield real[0].lineno
        elif not real and not isinstance(node, ast.Module):
            yield block[-1].lineno


def _is_bare_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _stands_for(line: int, idle: frozenset[int], source: Source) -> bool:
    """Whether the comment is on, or right above, a statement that does nothing."""
    code = line
    while code <= len(source.lines) and (not source.line(code) or source.line(code).startswith("#")):
        code += 1
    return code in idle


def _comments(text: str) -> Iterator[tuple[int, str]]:
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT:
                yield token.start[0], token.string
    except (tokenize.TokenError, SyntaxError):
        return
