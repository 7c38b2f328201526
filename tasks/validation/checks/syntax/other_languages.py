"""JavaScript, TypeScript, Go and Java that do not parse, by tree-sitter where it is installed."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from tasks.models import Level, ValidationIssue
from tasks.validation.change import House
from tasks.validation.source import Source

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

_GRAMMARS = {
    "javascript": ("tree_sitter_javascript", "language"),
    "typescript": ("tree_sitter_typescript", "language_typescript"),
    "tsx": ("tree_sitter_typescript", "language_tsx"),
    "go": ("tree_sitter_go", "language"),
    "java": ("tree_sitter_java", "language"),
}


def check_other_languages(source: Source, house: House) -> Iterator[ValidationIssue]:
    if source.language not in _GRAMMARS:
        return
    parser = _parser(source.language)
    if parser is None:
        message = f"{source.language} was not parsed: tree-sitter is not installed"
        suggestion = 'install the extra: pip install "mendflow[languages]"'
        yield source.issue(Level.SYNTAX, "not-parsed", "info", None, message, suggestion)
        return
    broken = _first_error(parser.parse(source.text.encode("utf-8", "replace")).root_node)
    if broken is not None:
        message = f"is no valid {source.language}"
        line = broken.start_point[0] + 1
        yield source.issue(Level.SYNTAX, f"invalid-{source.language}", "error", line, message, "mend its syntax")


@cache
def _parser(language: str) -> Parser | None:
    module, function = _GRAMMARS[language]
    try:
        from tree_sitter import Language, Parser

        grammar = importlib.import_module(module)
    except ImportError:
        return None
    return Parser(Language(getattr(grammar, function)()))


def _first_error(root: Node) -> Node | None:
    """The first node that is no part of the grammar; subtrees without one are not entered."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.is_error or node.is_missing:
            return node
        waiting += [child for child in reversed(node.children) if child.has_error or child.is_missing]
    return None
