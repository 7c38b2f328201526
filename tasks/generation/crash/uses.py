"""What a missing value could be, judged by what is done with it."""

from __future__ import annotations

import ast

from tasks.generation.crash.site import Place

_TEXT_METHODS = {name for name in dir(str) if not name.startswith("_")} - {"count", "index", "format"}
_MAPPING_METHODS = {"get", "items", "keys", "values", "update", "setdefault", "copy"}
_LIST_METHODS = {"append", "extend", "insert", "sort", "reverse"}
_NUMBER_TAKERS = {"int", "float", "round", "abs", "Decimal", "sum", "timedelta"}
_SEQUENCE_TAKERS = {"len", "list", "set", "tuple", "sorted", "sum", "any", "all", "enumerate", "iter", "extend", "zip"}
_SEQUENCE_TAKERS |= {"map", "filter", "reversed", "join", "frozenset", "max", "min", "update", "chain"}


def defaults_for(place: Place, node: ast.expr) -> list[tuple[str, float]]:
    """Defaults for the value of `node` as source text, with a weight from 0 to 3, by what its parent does with it."""
    above = place.source.parent(node)
    if isinstance(above, ast.Await | ast.Starred | ast.FormattedValue):
        above = place.source.parent(above)
    found = _by_operation(place, node, above) or _by_position(node, above)
    return sorted(found, key=lambda item: -item[1])


def _by_operation(place: Place, node: ast.expr, above: ast.AST | None) -> list[tuple[str, float]]:
    if isinstance(above, ast.Attribute):
        return _by_method(above.attr)
    if isinstance(above, ast.Subscript) and above.value is node:
        return [("{}", 2.0)] if _is_text(above.slice) else [("[]", 1.5), ("{}", 1.0)]
    if isinstance(above, ast.BinOp):
        return _by_arithmetic(place, node, above)
    if isinstance(above, ast.Compare):
        return _by_comparison(node, above)
    return _by_call(node, above) if isinstance(above, ast.Call) else _by_statement(node, above)


def _by_statement(node: ast.expr, above: ast.AST | None) -> list[tuple[str, float]]:
    if isinstance(above, ast.UnaryOp) and isinstance(above.op, ast.USub | ast.UAdd):
        return [("0", 2.5)]
    if isinstance(above, ast.AugAssign):
        return [("0", 2.0), ('""', 0.5)]
    looped = isinstance(above, ast.For | ast.AsyncFor | ast.comprehension) and above.iter is node
    return [("[]", 3.0)] if looped else []


def _by_method(name: str) -> list[tuple[str, float]]:
    if name in _MAPPING_METHODS:
        return [("{}", 3.0)]
    if name in _LIST_METHODS:
        return [("[]", 2.5)]
    return [('""', 3.0)] if name in _TEXT_METHODS else []


def _by_arithmetic(place: Place, node: ast.expr, above: ast.BinOp) -> list[tuple[str, float]]:
    other = above.right if above.left is node else above.left
    if isinstance(above.op, ast.Add):
        kind = place.type_of_expression(other)
        if kind == "str" or _is_text(other):
            return [('""', 3.0)]
        if kind == "list" or isinstance(other, ast.List):
            return [("[]", 3.0)]
        return [("0", 2.5), ('""', 1.0)]
    if isinstance(above.op, ast.Mod) and _is_text(above.left):
        return [('""', 1.0)]
    if isinstance(above.op, ast.Mult | ast.Div | ast.FloorDiv | ast.Mod):
        neutral = _named_like(node, ("factor", "multiplier", "scale", "ratio", "weight", "exchange", "quantity"))
        return [("1", 2.0), ("0", 1.5)] if neutral else [("0", 2.0), ("1", 1.5)]
    return [("0", 2.5)]


def _by_comparison(node: ast.expr, above: ast.Compare) -> list[tuple[str, float]]:
    if isinstance(above.ops[0], ast.In | ast.NotIn) and above.comparators[-1] is node:
        return [("()", 2.5), ("[]", 2.4), ('""', 1.0)]
    return [("0", 1.2)] if isinstance(above.ops[0], ast.Lt | ast.LtE | ast.Gt | ast.GtE) else []


def _by_call(node: ast.expr, above: ast.Call) -> list[tuple[str, float]]:
    name = above.func.attr if isinstance(above.func, ast.Attribute) else getattr(above.func, "id", "")
    if node not in above.args:
        return []
    if name == "join":
        return [("[]", 2.5)]
    if name in _NUMBER_TAKERS and name != "sum":
        return [("0", 2.5)]
    return [("[]", 2.5)] if name in _SEQUENCE_TAKERS else []


def _by_position(node: ast.expr, above: ast.AST | None) -> list[tuple[str, float]]:
    if isinstance(above, ast.Dict):
        return [("None", 2.5), ('""', 1.0)]
    if isinstance(above, ast.keyword | ast.Call | ast.Tuple | ast.List):
        return [("None", 2.0), ('""', 0.8)]
    if isinstance(above, ast.JoinedStr):
        return [('""', 1.5)]
    return [("None", 1.5), ('""', 0.5), ("0", 0.4), ("[]", 0.3), ("{}", 0.3)]


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def _named_like(node: ast.expr, words: tuple[str, ...]) -> bool:
    text = ast.unparse(node).lower()
    return any(word in text for word in words)
