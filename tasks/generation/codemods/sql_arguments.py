"""Handing the values of a statement to the call that runs it, as its driver takes them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import libcst as cst

from tasks.generation.codemods.sql_drivers import Style
from tasks.generation.codemods.sql_values import Bound
from tasks.generation.codemods.syntax import dotted

_COMMA = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
_EQUAL = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))


def with_values(call: cst.Call, sql: cst.BaseExpression, bound: Bound, style: Style) -> cst.Call:
    """The call with the statement and its values; `read_sql(sql, connection)` gets them as `params`."""
    first = call.args[0].with_changes(value=sql)
    if style == "text":
        return call.with_changes(args=[first, *call.args[1:]])
    values = [cst.Arg(value, comma=_COMMA) for value in bound.values] if style == "dollar" else [_tuple(bound.values)]
    if len(call.args) == 2:
        named = values[0].with_changes(keyword=cst.Name("params"), equal=_EQUAL)
        return call.with_changes(args=[first, call.args[1].with_changes(comma=_COMMA), named])
    head = first.with_changes(comma=_COMMA, whitespace_after_arg=cst.SimpleWhitespace(""))
    last = values[-1].with_changes(comma=first.comma, whitespace_after_arg=first.whitespace_after_arg)
    return call.with_changes(args=[head, *values[:-1], last])


def _tuple(values: Sequence[cst.BaseExpression]) -> cst.Arg:
    elements = [cst.Element(value, _COMMA) for value in values]
    elements[-1] = cst.Element(values[-1], cst.Comma() if len(values) == 1 else cst.MaybeSentinel.DEFAULT)
    return cst.Arg(cst.Tuple(elements))


def with_bindparams(text: cst.Call, bound: Bound) -> cst.Call:
    """SQLAlchemy's `text(...)` carrying its values."""
    args = [
        cst.Arg(value, keyword=cst.Name(name), equal=_EQUAL)
        for name, value in zip(bound.names, bound.values, strict=True)
    ]
    return cst.Call(cst.Attribute(text, cst.Name("bindparams")), args)


def parameter_name(value: cst.BaseExpression, taken: Collection[str]) -> str:
    """A name for the value that the statement does not use yet: `id` for `user.id`, then `id2`."""
    base = (dotted(value) or "value").rpartition(".")[2].strip("_") or "value"
    name, number = base, 2
    while name in taken:
        name, number = f"{base}{number}", number + 1
    return name
