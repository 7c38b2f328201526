"""Which values of a built SQL statement can be bound, and the statement with placeholders in their stead."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import libcst as cst

from tasks.generation.codemods.built_string import Leaf, Piece, literal
from tasks.generation.codemods.syntax import code_of

STATEMENT = re.compile(
    r"^\s*(select\s.*\sfrom\s|insert\s+into\s|replace\s+into\s|update\s.*\sset\s|delete\s+from\s|with\s.*\sas\s|merge\s)",
    re.IGNORECASE | re.DOTALL,
)
_OPERATOR = re.compile(r"([=<>]|\b(i?like|glob|limit|offset|between|top)|\bbetween\s+\S+\s+and)\s*$", re.IGNORECASE)
_LISTED = re.compile(r"\b(values?|in)\s*\((?P<before>[^()]*,)?\s*$", re.IGNORECASE)
_COLUMNS = re.compile(r"\binto\s+[\w.\"`]+\s*\(([^()]*)\)\s*values", re.IGNORECASE)
_NAME_FOLLOWS = re.compile(r"\b(from|into|update|join|by|select|table|set|distinct)\s+$|[,.`\"(]\s*$", re.IGNORECASE)
_CLAUSE = re.compile(r"\b(on|where|set|values|having|from|select|order|group|limit|using)\b", re.IGNORECASE)
_END = re.compile(
    r"^\s*([,);]|$|\s(and|or|order|group|limit|offset|where|returning|having|union|as|on|from)\b|--)", re.IGNORECASE
)


@dataclass
class Bound:
    """A statement with its values taken out."""

    leaves: list[Leaf]
    values: list[cst.BaseExpression]
    left_in: int = 0
    """Values that stay in the text: names of tables and columns cannot be bound."""
    names: list[str] = field(default_factory=list)
    """Of the parameters, where the driver names them."""


@dataclass
class _Item:
    leaf: int
    piece: Piece


@dataclass
class _Scan:
    """Walks the statement's text; `seen` is what came before, with `?` for each value."""

    items: list[_Item]
    placeholder: Callable[[int, cst.BaseExpression], str]
    double_percent: bool
    seen: str = ""
    quoted: list[Piece] | None = None
    quote: str = ""
    out: list[_Item] = field(default_factory=list)
    values: list[cst.BaseExpression] = field(default_factory=list)
    kept: int = 0
    fragments: int = 0
    """Of the values that stay, those that may be more than a name: a condition, a list."""


def bind_values(
    leaves: Sequence[Leaf], placeholder: Callable[[int, cst.BaseExpression], str], *, double_percent: bool
) -> Bound | None:
    """The statement with each value that stands where SQL takes one bound; None when none can be.

    `placeholder` names the n-th value; `double_percent` writes a literal `%` as `%%`, as `%s` drivers want it.
    """
    items = [_Item(index, piece) for index, leaf in enumerate(leaves) for piece in leaf.pieces]
    text = "".join(item.piece if isinstance(item.piece, str) else " ? " for item in items)
    if not STATEMENT.match(text):
        return None
    scan = _Scan(items, placeholder, double_percent)
    for position, item in enumerate(items):
        if isinstance(item.piece, str):
            _text(scan, item.leaf, item.piece)
        else:
            _value(scan, position, item)
    if not scan.values or scan.quoted is not None or (double_percent and scan.fragments):
        # a `%` inside a piece of SQL that is put in would be taken for a placeholder
        return None
    fresh = [Leaf(leaf.node) for leaf in leaves]
    for item in scan.out:
        fresh[item.leaf].pieces.append(item.piece)
    return Bound(fresh, scan.values, scan.kept)


def _text(scan: _Scan, leaf: int, text: str) -> None:
    for part in re.split(r"(['\"])", text):
        if scan.quoted is not None:
            scan.quoted.append(part)
            if part == scan.quote:
                _close(scan, leaf)
        elif part in ("'", '"'):
            scan.quoted, scan.quote = [part], part
        elif part:
            _emit(scan, leaf, part)


def _close(scan: _Scan, leaf: int) -> None:
    """A quoted literal ended: one with a value in it becomes a parameter."""
    pieces, scan.quoted = scan.quoted or [], None
    inner = [piece for piece in pieces[1:-1] if piece != ""]
    if all(isinstance(piece, str) for piece in pieces):
        _emit(scan, leaf, "".join(str(piece) for piece in pieces))
        return
    if scan.quote == '"' and not (_OPERATOR.search(scan.seen) or _LISTED.search(scan.seen)):
        for piece in pieces:
            _emit(scan, leaf, piece)
        return
    only = inner[0] if len(inner) == 1 else None
    value = only if only is not None and not isinstance(only, str) else literal(inner, cst.SimpleString('""'))
    _bind(scan, leaf, value)


def _value(scan: _Scan, position: int, item: _Item) -> None:
    if scan.quoted is not None:
        scan.quoted.append(item.piece)
    elif not isinstance(item.piece, str) and _takes_value(scan, position, item.piece):
        _bind(scan, item.leaf, item.piece)
    else:
        _emit(scan, item.leaf, item.piece)


def _takes_value(scan: _Scan, position: int, value: cst.BaseExpression) -> bool:
    following = "".join(_following(scan.items[position + 1 :]))
    if not _END.match(following):
        return False
    clauses = _CLAUSE.findall(scan.seen)
    if clauses and clauses[-1].lower() in ("on", "using", "select", "from", "order", "group"):
        return False
    listed = _LISTED.search(scan.seen)
    if listed is not None:
        return _is_one_of_list(scan, listed, following, value)
    return _OPERATOR.search(scan.seen) is not None and not scan.seen.rstrip().endswith("(")


def _is_one_of_list(scan: _Scan, listed: re.Match[str], following: str, value: cst.BaseExpression) -> bool:
    """A value among others; one alone may stand for a whole list, unless a single column says that it is one."""
    if "join" in code_of(value):
        return False
    if listed["before"] or following.lstrip().startswith(","):
        return True
    columns = _COLUMNS.search(scan.seen)
    return listed[1].lower() != "in" and columns is not None and "," not in columns[1]


def _following(items: Sequence[_Item]) -> Iterator[str]:
    for item in items:
        if not isinstance(item.piece, str):
            yield "\0"
            return
        yield item.piece
        if item.piece.strip():
            return


def _bind(scan: _Scan, leaf: int, value: cst.BaseExpression) -> None:
    scan.values.append(value)
    scan.out.append(_Item(leaf, scan.placeholder(len(scan.values), value)))
    scan.seen += "?"


def _emit(scan: _Scan, leaf: int, piece: Piece) -> None:
    if not isinstance(piece, str):
        scan.kept += 1
        scan.fragments += _NAME_FOLLOWS.search(scan.seen) is None
        scan.out.append(_Item(leaf, piece))
        scan.seen += " identifier "
        return
    scan.out.append(_Item(leaf, piece.replace("%", "%%") if scan.double_percent else piece))
    scan.seen += piece
