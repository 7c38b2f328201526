"""Text read, written, encoded or decoded with a stated encoding or error handling."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tasks.generation.search.operators.definition import operator
from tasks.generation.search.scope import Change, Scope


@operator(
    ast.Call,
    examples=(
        ("def f(p):\n    return open(p)\n", "def f(p):\n    return open(p, encoding='utf-8')\n"),
        ("def f(b):\n    return b.decode('ascii')\n", "def f(b):\n    return b.decode('utf-8')\n"),
        ("def f(b):\n    return b.decode('utf-8')\n", "def f(b):\n    return b.decode('utf-8', errors='replace')\n"),
    ),
)
def set_encoding(node: ast.Call, scope: Scope) -> Iterator[Change]:
    name = (
        node.func.id
        if isinstance(node.func, ast.Name)
        else node.func.attr
        if isinstance(node.func, ast.Attribute)
        else ""
    )
    end = scope.file.span(node)[1] - 1
    separator = ", " if node.args or node.keywords else ""
    passed = {keyword.arg for keyword in node.keywords}
    if name in ("open", "read_text", "write_text", "fdopen") and "encoding" not in passed:
        yield scope.span_edit(end, end, f"{separator}encoding='utf-8'", 1.5)
        yield scope.span_edit(end, end, f"{separator}encoding='utf-8-sig'", 0.3)
        yield scope.span_edit(end, end, f"{separator}newline=''", 0.3)
    elif name in ("encode", "decode"):
        for constant in node.args[:1]:
            for encoding in ("'utf-8'", "'latin-1'", "'utf-8-sig'"):
                if encoding != scope.text(constant).replace('"', "'"):
                    yield scope.replace(constant, encoding, 0.8)
        if "errors" not in passed and len(node.args) < 2:
            for errors in ("replace", "ignore", "surrogateescape"):
                yield scope.span_edit(end, end, f"{separator}errors='{errors}'", 0.6)
