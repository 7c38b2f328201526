"""Python that cannot be parsed at all. What only the repository's oldest Python cannot parse, ruff finds."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator

from tasks.models import Level, ValidationIssue
from tasks.validation.change import House
from tasks.validation.source import Source


def check_parses(source: Source, house: House) -> Iterator[ValidationIssue]:
    if source.language != "python" or source.tree is not None:
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(source.text)
    except SyntaxError:
        return  # ruff reports it, and knows newer Pythons than the one that runs this
    except (ValueError, RecursionError, MemoryError) as error:
        yield source.issue(
            Level.SYNTAX, "invalid-syntax", "error", 1, f"does not parse: {error or type(error).__name__}"
        )
