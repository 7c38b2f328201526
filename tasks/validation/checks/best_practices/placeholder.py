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
from tasks.validation.checks.syntax.unreachable import blocks_of
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
_SAYS_UNDONE = re.compile(
    r"\b(TODO|FIXME|XXX|TBD)\b\W*(please )?(implement|fill (this |it )?in|finish|complete this|write this|fix (this|me|it)\b"
    r"|add (the |an? |some |proper |real |actual |your )*(error|exception|real|actual|proper|missing|implementation|logic"
    r"|validation|handling|code))",
    re.IGNORECASE,
)
_SUGGESTION = "finish the change, or leave this part out of it"


def check_placeholder(source: Source, house: House) -> Iterator[ValidationIssue]:
    """A stand-in is an error; a note beside code that works is a warning, which strict mode takes for an error."""
    if source.tree is None or source.is_fixture:
        return
    idle = frozenset(_idle_statement_lines(source))
    for line, text in _comments(source.text):
        if _STAND_IN.search(text) or (
            _NOTE.search(text) and (_SAYS_UNDONE.search(text) or _stands_for(line, idle, source))
        ):
            message = f"stands in for code that is missing: {text[:80]!r}"
            yield source.issue(Level.BEST_PRACTICES, "placeholder", "error", line, message, _SUGGESTION)
        elif _NOTE.search(text):
            message = f"leaves something to be done: {text[:80]!r}"
            yield source.issue(Level.BEST_PRACTICES, "unfinished-note", "warning", line, message, _SUGGESTION)


def _idle_statement_lines(source: Source) -> Iterator[int]:
    """Lines of statements that do nothing and are all that their block holds."""
    for node in source.nodes:
        for block in blocks_of(node):
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
