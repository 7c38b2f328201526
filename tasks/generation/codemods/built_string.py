"""Strings that are put together from literals and values, taken apart and put together again."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import libcst as cst

from tasks.generation.codemods.syntax import code_of, positional, string_value

Piece = str | cst.BaseExpression
"""Literal text, or the expression of a value that is put in."""

_QUOTE_OR_ESCAPE = re.compile(r'(\\.)|"', re.DOTALL)
_PERCENT = re.compile(r"%(?:\((?P<name>\w+)\))?(?P<kind>[sdifr%])")


@dataclass
class Leaf:
    """One string literal of the source with the values that are put into it."""

    node: cst.SimpleString | cst.FormattedString | None
    """None for a value that stands between `+` signs."""
    pieces: list[Piece] = field(default_factory=list)


def leaves_of(node: cst.BaseExpression) -> list[Leaf] | None:
    """The literals of a built string in order; None when a part cannot be followed, or when nothing is put in."""
    leaves = _leaves(node)
    if leaves is None or not any(not isinstance(piece, str) for leaf in leaves for piece in leaf.pieces):
        return None
    return leaves if any(leaf.node is not None for leaf in leaves) else None


def _leaves(node: cst.BaseExpression) -> list[Leaf] | None:
    if isinstance(node, cst.SimpleString):
        value = string_value(node)
        return None if value is None else [Leaf(node, [value])]
    if isinstance(node, cst.FormattedString):
        return _formatted(node)
    if isinstance(node, cst.ConcatenatedString):
        return _joined(_leaves(node.left), _leaves(node.right))
    if isinstance(node, cst.BinaryOperation):
        return _operation(node)
    if isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute):
        return _method(node, node.func)
    return None


def _operation(node: cst.BinaryOperation) -> list[Leaf] | None:
    if isinstance(node.operator, cst.Modulo):
        return _percent(node)
    if isinstance(node.operator, cst.Add):
        return _joined(_operand(node.left), _operand(node.right))
    return None


def _operand(node: cst.BaseExpression) -> list[Leaf] | None:
    built = isinstance(node, cst.BaseString | cst.BinaryOperation) or _is_string_method(node)
    return _leaves(node) if built else [Leaf(None, [_unwrapped(node)])]


def _is_string_method(node: cst.BaseExpression) -> bool:
    func = node.func if isinstance(node, cst.Call) else None
    return isinstance(func, cst.Attribute) and isinstance(func.value, cst.BaseString)


def _unwrapped(node: cst.BaseExpression) -> cst.BaseExpression:
    """`x` for `str(x)`: the database driver converts it."""
    if isinstance(node, cst.Call) and isinstance(node.func, cst.Name) and node.func.value == "str":
        given = positional(node)
        if len(given) == len(node.args) == 1:
            return given[0].value
    return node


def _joined(left: list[Leaf] | None, right: list[Leaf] | None) -> list[Leaf] | None:
    return None if left is None or right is None else [*left, *right]


def _formatted(node: cst.FormattedString) -> list[Leaf] | None:
    leaf = Leaf(node)
    raw = "r" in node.start.lower()
    for part in node.parts:
        if isinstance(part, cst.FormattedStringText):
            text = part.value.replace("{{", "{").replace("}}", "}")
            leaf.pieces.append(text if raw else _unescaped(text))
        elif isinstance(part, cst.FormattedStringExpression):
            if part.format_spec is not None or part.equal is not None or part.conversion == "a":
                return None
            leaf.pieces.append(_unwrapped(part.expression))
    return [leaf]


def _unescaped(text: str) -> str:
    quoted = _QUOTE_OR_ESCAPE.sub(lambda match: match[1] or '\\"', text)
    value = string_value(cst.SimpleString(f'"""{quoted}"""'))
    return text if value is None else value


def _percent(node: cst.BinaryOperation) -> list[Leaf] | None:
    leaves = _leaves(node.left)
    if leaves is None or any(not isinstance(p, str) for leaf in leaves for p in leaf.pieces):
        return None
    specs = [m for leaf in leaves for p in leaf.pieces for m in _PERCENT.finditer(str(p)) if m["kind"] != "%"]
    total = sum(str(p).replace("%%", "").count("%") for leaf in leaves for p in leaf.pieces)
    values = _percent_values(node.right, specs)
    if values is None or total != len(specs):
        return None
    remaining = iter(values)
    for leaf in leaves:
        leaf.pieces = [piece for text in leaf.pieces for piece in _split_percent(str(text), remaining)]
    return leaves


def _percent_values(right: cst.BaseExpression, specs: Sequence[re.Match[str]]) -> list[cst.BaseExpression] | None:
    if isinstance(right, cst.Dict):
        known = {string_value(e.key): e.value for e in right.elements if isinstance(e, cst.DictElement)}
        found = [known.get(spec["name"]) for spec in specs]
        return None if any(v is None for v in found) else [v for v in found if v is not None]
    if any(spec["name"] for spec in specs):
        return None
    given = [right]
    if isinstance(right, cst.Tuple):
        if any(isinstance(e, cst.StarredElement) for e in right.elements):
            return None
        given = [e.value for e in right.elements]
    return [_unwrapped(value) for value in given] if len(given) == len(specs) else None


def _split_percent(text: str, values: Iterator[cst.BaseExpression]) -> list[Piece]:
    pieces: list[Piece] = []
    start = 0
    for match in _PERCENT.finditer(text):
        pieces.append(text[start : match.start()])
        pieces.append("%" if match["kind"] == "%" else next(values))
        start = match.end()
    return [*pieces, text[start:]]


def _method(node: cst.Call, func: cst.Attribute) -> list[Leaf] | None:
    leaves = _leaves(func.value) if isinstance(func.value, cst.BaseString) else None
    if leaves is None or any(not isinstance(p, str) for leaf in leaves for p in leaf.pieces):
        return None
    if func.attr.value == "format":
        return _format_call(node, leaves)
    if func.attr.value == "replace" and len(node.args) == 2:
        return _replace_call(node, leaves)
    return None


def _format_call(node: cst.Call, leaves: list[Leaf]) -> list[Leaf] | None:
    if any(arg.star for arg in node.args):
        return None
    by_name = {arg.keyword.value: arg.value for arg in node.args if arg.keyword is not None}
    by_index = [arg.value for arg in node.args if arg.keyword is None]
    counter = 0
    for leaf in leaves:
        pieces: list[Piece] = []
        try:
            fields = list(string.Formatter().parse("".join(str(p) for p in leaf.pieces)))
        except ValueError:
            return None
        for text, name, spec, conversion in fields:
            pieces.append(text)
            if name is None:
                continue
            key, counter = (str(counter), counter + 1) if name == "" else (name, counter)
            value = by_name.get(key) or (by_index[int(key)] if key.isdigit() and int(key) < len(by_index) else None)
            if value is None or spec or conversion == "a":
                return None
            pieces.append(_unwrapped(value))
        leaf.pieces = pieces
    return leaves


def _replace_call(node: cst.Call, leaves: list[Leaf]) -> list[Leaf] | None:
    mark = string_value(node.args[0].value)
    value = _unwrapped(node.args[1].value)
    if not mark or isinstance(value, cst.BaseString):
        return None
    for leaf in leaves:
        parts = "".join(str(p) for p in leaf.pieces).split(mark)
        leaf.pieces = [parts[0]]
        for part in parts[1:]:
            leaf.pieces += [value, part]
    return leaves


def rebuilt(node: cst.BaseExpression, leaves: Sequence[Leaf]) -> cst.BaseExpression:
    """The expression for the leaves' new pieces, in the quotes and the layout of the old one."""
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Add):
        return _one_literal(node, leaves)
    if isinstance(node, cst.BinaryOperation):
        return rebuilt(node.left, leaves)
    base = node.func.value if isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute) else node
    return _replaced(base, {id(leaf.node): leaf for leaf in leaves})


def _replaced(node: cst.BaseExpression, leaves: dict[int, Leaf]) -> cst.BaseExpression:
    if isinstance(node, cst.ConcatenatedString):
        left, right = _replaced(node.left, leaves), _replaced(node.right, leaves)
        return node.with_changes(left=left, right=right)
    leaf = leaves.get(id(node))
    return literal(leaf.pieces, node) if leaf is not None else node


def _one_literal(node: cst.BinaryOperation, leaves: Sequence[Leaf]) -> cst.BaseExpression:
    pieces = [piece for leaf in leaves for piece in leaf.pieces]
    styles = [leaf.node for leaf in leaves if leaf.node is not None]
    style = next((s for s in styles if s.quote in ('"""', "'''")), styles[0]) if styles else cst.SimpleString('""')
    return literal(pieces, style).with_changes(lpar=node.lpar, rpar=node.rpar)


def literal(pieces: Sequence[Piece], style: cst.BaseExpression) -> cst.BaseExpression:
    """A string, or an f-string where values are put in, in the quotes of `style`."""
    quote = style.quote if isinstance(style, cst.SimpleString) else '"'
    if isinstance(style, cst.FormattedString):
        quote = style.end
    has_value = any(not isinstance(piece, str) for piece in pieces)
    if has_value and any(quote in code_of(p) for p in pieces if not isinstance(p, str)):
        quote = '"""' if quote != '"""' else "'''"
    body = "".join(_escaped(p, quote, has_value) if isinstance(p, str) else f"{{{code_of(p)}}}" for p in pieces)
    code = f"{'f' if has_value else ''}{quote}{body}{quote}"
    lpar = getattr(style, "lpar", ())
    return cst.parse_expression(code).with_changes(lpar=lpar, rpar=getattr(style, "rpar", ()))


def _escaped(text: str, quote: str, formatted: bool) -> str:
    text = text.replace("\\", "\\\\")
    if len(quote) == 3:
        text = text.replace(quote, "\\" + quote)
        if text.endswith(quote[0]):
            text = text[:-1] + "\\" + quote[0]
    else:
        text = text.replace(quote, "\\" + quote).replace("\n", "\\n").replace("\r", "\\r")
    text = text.replace("\t", "\\t") if len(quote) == 1 else text
    return text.replace("{", "{{").replace("}", "}}") if formatted else text
