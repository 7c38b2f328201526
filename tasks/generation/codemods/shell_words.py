"""Shell command lines taken apart into the arguments that a program would receive."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence

import libcst as cst

from tasks.generation.codemods.built_string import Piece, leaves_of, literal
from tasks.generation.codemods.syntax import expr, string_value

_NEEDS_SHELL = re.compile(r"[|&;<>$`(){}~!#\n\\?\[\]]")
_MARK = "\x00"


def argument_list(command: cst.BaseExpression, glob: cst.BaseExpression | None = None) -> cst.List | None:
    """The command as a list of arguments, each value one argument; None when only a shell can run it.

    `glob` is the function that expands a `*`, when the caller wants that; a relative pattern gets `./` before it, so
    that no file name can pass for an option.
    """
    text = string_value(command)
    pieces: list[Piece]
    if text is not None:
        pieces = [text]
    else:
        leaves = leaves_of(command)
        if leaves is None:
            return None
        pieces = [piece for leaf in leaves for piece in leaf.pieces]
    words = _words(pieces)
    if not words:
        return None
    elements = [_element(word, values, glob) for word, values in words]
    return None if any(e is None for e in elements) else _list([e for e in elements if e is not None])


def _words(pieces: Sequence[Piece]) -> list[tuple[str, list[cst.BaseExpression]]] | None:
    """Each word with a mark where a value stands, and these values."""
    values = [_unquoted(piece) for piece in pieces if not isinstance(piece, str)]
    text = "".join(piece if isinstance(piece, str) else _MARK for piece in pieces)
    if _NEEDS_SHELL.search(text) or (values and "*" in text):
        return None
    try:
        words = shlex.split(text)
    except ValueError:
        return None
    if not words or _MARK in words[0] or "=" in words[0]:
        return None
    remaining = iter(values)
    return [(word, [next(remaining) for _ in range(word.count(_MARK))]) for word in words]


def _unquoted(value: cst.BaseExpression) -> cst.BaseExpression:
    """`x` for `shlex.quote(x)`: without a shell, the quotes would be part of the argument."""
    if isinstance(value, cst.Call) and len(value.args) == 1 and isinstance(value.func, cst.Attribute | cst.Name):
        name = value.func.attr.value if isinstance(value.func, cst.Attribute) else value.func.value
        if name == "quote":
            return value.args[0].value
    return value


def _element(word: str, values: list[cst.BaseExpression], glob: cst.BaseExpression | None) -> cst.BaseElement | None:
    if "*" in word:
        pattern = word if word.startswith(("/", "./", "../")) else f"./{word}"
        call = cst.Call(glob, [cst.Arg(expr(_quoted(pattern)))]) if glob is not None else None
        return cst.StarredElement(call) if call is not None else None
    if word == _MARK:
        return cst.Element(values[0])
    pieces: list[Piece] = []
    remaining = iter(values)
    for index, part in enumerate(word.split(_MARK)):
        pieces += [part] if index == 0 else [next(remaining), part]
    return cst.Element(literal([piece for piece in pieces if piece != ""] or [""], cst.SimpleString('""')))


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _list(elements: Sequence[cst.BaseElement]) -> cst.List:
    comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    return cst.List([*(e.with_changes(comma=comma) for e in elements[:-1]), elements[-1]])
