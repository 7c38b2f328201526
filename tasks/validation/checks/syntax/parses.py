"""Python that cannot be parsed at all. What only the repository's oldest Python cannot parse, ruff finds."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from tasks.models import Level, ValidationIssue
from tasks.validation.change import House
from tasks.validation.source import Source


def check_parses(source: Source, house: House) -> Iterator[ValidationIssue]:
    """Syntax errors are left to ruff, which knows newer Pythons than the one that runs this."""
    error = source.parse_error
    if isinstance(error, SyntaxError):
        running = f"Python {sys.version_info.major}.{sys.version_info.minor}"
        message = f"only ruff looked at it, since {running} cannot parse it: {error.msg}"
        suggestion = "if the syntax is newer than that, run mendflow on the repository's Python"
        yield source.issue(Level.SYNTAX, "own-checks-skipped", "info", error.lineno, message, suggestion)
    elif error is not None:
        reason = str(error) or type(error).__name__
        yield source.issue(Level.SYNTAX, "invalid-syntax", "error", 1, f"does not parse: {reason}")
