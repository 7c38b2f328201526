"""Common slips in a pattern: anchors, greediness, repetition, escapes, character classes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tasks.generation.search.operators.definition import operator
from tasks.generation.search.scope import Change, Scope

_CALLS = frozenset({"compile", "match", "search", "fullmatch", "sub", "subn", "split", "findall", "finditer"})
_REWRITES = (
    ("+", "*"),
    ("*", "+"),
    ("*", "*?"),
    ("+", "+?"),
    ("*?", "*"),
    ("+?", "+"),
    (".", r"\."),
    (r"\d", r"\w"),
    (r"\w", r"\d"),
    (r"\s*", r"\s+"),
    (r"\s+", r"\s*"),
    ("a-z", "a-zA-Z"),
    ("A-Z", "A-Za-z"),
    ("0-9", "0-9a-zA-Z"),
    (r"\w", r"[\w-]"),
    ("?", ""),
    ("^", ""),
    ("$", ""),
    ("(", "(?:"),
    (r"\b", ""),
    ("[a-z]", "[a-zA-Z]"),
    ("$", r"\Z"),
    (")", ")?"),
    ("]", "]?"),
    ("+", "{1,}"),
    ("]", "_]"),
    ("]", "-]"),
    ("]", ".]"),
)


@operator(
    ast.Constant,
    examples=(
        (
            "import re\ndef f(a):\n    return re.match('a.*', a)\n",
            "import re\ndef f(a):\n    return re.match('a.*?', a)\n",
        ),
        (
            "import re\ndef f(a):\n    return re.match('ab', a)\n",
            "import re\ndef f(a):\n    return re.match('ab$', a)\n",
        ),
    ),
)
def change_regex(node: ast.Constant, scope: Scope) -> Iterator[Change]:
    if not isinstance(node.value, str) or not _is_pattern(node, scope):
        return
    start, end = scope.file.span(node)
    literal = scope.file.text[start:end]
    shape = re.fullmatch(r"([rRbBuU]*)('''|\"\"\"|'|\")(.*)\2", literal, re.DOTALL)
    if shape is None:
        return
    inner = start + shape.start(3)
    body = shape.group(3)
    yield scope.span_edit(inner, inner, "^", 0.6)
    yield scope.span_edit(inner + len(body), inner + len(body), "$", 0.8)
    for old, new in _REWRITES:
        new = new if "r" in shape.group(1).lower() else new.replace("\\", "\\\\")
        for found in re.finditer(re.escape(old), body):
            yield scope.span_edit(inner + found.start(), inner + found.end(), new, 0.5)


def _is_pattern(node: ast.Constant, scope: Scope) -> bool:
    parent = scope.parent(node)
    while isinstance(parent, ast.BinOp | ast.JoinedStr):
        parent = scope.parent(parent)
    if isinstance(parent, ast.Call) and isinstance(parent.func, ast.Attribute) and parent.func.attr in _CALLS:
        return isinstance(parent.func.value, ast.Name) and parent.func.value.id in ("re", "regex")
    return False
