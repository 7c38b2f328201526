"""A file, cursor or connection that is used after it was closed.

What it does: moves the use into the `with` block, moves the `close` behind the use, opens the file again.

    before    with path.open() as handle:
                  first = handle.readline()
              rest = handle.read()
    after     with path.open() as handle:
                  first = handle.readline()
                  rest = handle.read()
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tasks.generation.crash.project import called_name
from tasks.generation.crash.proposal import Proposal, change
from tasks.generation.crash.site import CrashSite, Place
from tasks.generation.crash.source import Function, walk_function

_CLOSED = re.compile(
    r"closed file|closed database|closed cursor|Cursor is closed|connection is closed|is closed|already closed", re.I
)


def propose(site: CrashSite) -> Iterator[Proposal]:
    if not _CLOSED.search(site.error.message):
        return
    for place in site.places[:2]:
        if place.function is not None:
            yield from _into_with(place, place.function)
            yield from _read_before_closing(place, place.function)
            yield from _close_later(place, place.function)
            yield from _lazy_answer(place)


def _withs(place: Place, function: Function) -> list[tuple[ast.With | ast.AsyncWith, str]]:
    """`with` blocks of the function above the failing statement, with the name that they bind."""
    blocks = [
        node
        for node in walk_function(function)
        if isinstance(node, ast.With | ast.AsyncWith) and (node.end_lineno or 0) < place.statement.lineno
    ]
    bound = [(block, item.optional_vars) for block in blocks for item in block.items]
    return [(block, name.id) for block, name in bound if isinstance(name, ast.Name)]


def _into_with(place: Place, function: Function) -> Iterator[Proposal]:
    """All statements from the `with` to the use that follow it in the same block are indented into it."""
    source = place.source
    for block, name in _withs(place, function):
        siblings = _siblings(place, block)
        user = _top_level(place, siblings)
        if user is None:
            continue
        moved = siblings[siblings.index(block) + 1 : siblings.index(user) + 1]
        inner = source.indent(block.body[0]).removeprefix(source.indent(block))
        lines = [
            *source.lines_of(block),
            *(inner + line if line else line for line in source.lines_of(moved[0], moved[-1])),
        ]
        splice = source.replace_lines(block, moved[-1], lines)
        words = f"`{name}` is used while it is open."
        yield change("use_while_open", source, splice, 0.7, words)
        if len(moved) == 1:
            yield from _rewound(place, block, name, lines, moved[-1])


def _rewound(place: Place, block: ast.stmt, name: str, lines: list[str], last: ast.stmt) -> Iterator[Proposal]:
    """The same, read again from the start: what was read once is used up."""
    source = place.source
    inner = source.indent(block.body[0]).removeprefix(source.indent(block))  # type: ignore[attr-defined]
    at = len(source.lines_of(block))
    deeper = inner + source.indent_unit if not isinstance(last, ast.Assign | ast.Expr | ast.Return) else inner
    rewound = [*lines[: at + (deeper != inner)], f"{deeper}{name}.seek(0)", *lines[at + (deeper != inner) :]]
    words = f"`{name}` is used while it is open, from its start."
    yield change("use_while_open", source, source.replace_lines(block, last, rewound), 0.74, words)


def _siblings(place: Place, block: ast.stmt) -> list[ast.stmt]:
    above = place.source.parent(block)
    for name in ("body", "orelse", "finalbody"):
        listed = getattr(above, name, None)
        if isinstance(listed, list) and block in listed:
            return listed
    return [block]


def _top_level(place: Place, siblings: list[ast.stmt]) -> ast.stmt | None:
    """The sibling that holds the failing statement."""
    chain = {place.statement, *place.source.ancestors(place.statement)}
    return next((statement for statement in siblings if statement in chain), None)


def _read_before_closing(place: Place, function: Function) -> Iterator[Proposal]:
    """The iteration over the handle becomes a list that is made while it is open."""
    source = place.source
    for block, name in _withs(place, function):
        for node in ast.walk(place.statement):
            if (
                isinstance(node, ast.Name)
                and node.id == name
                and isinstance(source.parent(node), ast.For | ast.comprehension)
            ):
                text = source.code(block.items[0].context_expr)
                lines = source.lines_of(place.statement)
                head = f"with {text} as {name}:"
                splice = source.replace_lines(
                    place.statement, place.statement, [head, *(source.indent_unit + x for x in lines)]
                )
                yield change("open_again", source, splice, 0.72, f"`{name}` is opened again.")


def _close_later(place: Place, function: Function) -> Iterator[Proposal]:
    """`x.close()` goes behind the statement that still uses `x`; a returned value is named first."""
    source = place.source
    for node in walk_function(function):
        closes = isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and called_name(node.value) == "close"
        if closes and isinstance(node, ast.Expr) and node.lineno < place.statement.lineno:
            removed = source.replace_lines(node, node, [])
            line = source.code(node)
            if isinstance(place.statement, ast.Return) and place.statement.value is not None:
                value = source.code(place.statement.value)
                lines = [f"result = {value}", line, "return result"]
                yield change(
                    "close_later",
                    source,
                    [removed, source.replace_lines(place.statement, place.statement, lines)],
                    0.85,
                    "It is closed after its last use.",
                )
            else:
                yield change(
                    "close_later",
                    source,
                    [removed, source.insert_after(place.anchor, [line])],
                    0.85,
                    "It is closed after its last use.",
                )


def _lazy_answer(place: Place) -> Iterator[Proposal]:
    """A generator returned from inside a `with` is walked through only after the block has closed."""
    source = place.source
    for other in source.functions:
        for node in walk_function(other):
            if (
                isinstance(node, ast.Return)
                and isinstance(node.value, ast.GeneratorExp)
                and source.enclosing(node, ast.With)
            ):
                text = source.code(node.value)
                inner = text[1:-1] if text.startswith("(") else text
                yield change(
                    "read_at_once",
                    source,
                    source.replace(node.value, f"[{inner}]"),
                    0.8,
                    "The answer is read while the file is open.",
                )
            elif (
                isinstance(node, ast.Return)
                and isinstance(node.value, ast.Call)
                and called_name(node.value) in ("map", "filter", "reader", "DictReader")
            ) and source.enclosing(node, ast.With):
                splice = source.replace(node.value, f"list({source.code(node.value)})")
                yield change("read_at_once", source, splice, 0.8, "The answer is read while the file is open.")
