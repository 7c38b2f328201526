"""Division by zero.

What it does: a guard above that answers for an empty or zero divisor, or a conditional expression.

    before    return sum(samples) / len(samples)
    after     if not samples:
                  return 0.0
              return sum(samples) / len(samples)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tasks.generation.crash.fitting import fitting_values
from tasks.generation.crash.guards import guard_above, is_pure
from tasks.generation.crash.proposal import Proposal, change
from tasks.generation.crash.site import CrashSite, Place


def propose(site: CrashSite) -> Iterator[Proposal]:
    if site.error.name not in ("ZeroDivisionError", "DivisionByZero", "DivisionUndefined", "InvalidOperation"):
        return
    for place in site.places[:2]:
        for divisor, whole in _divisions(place):
            yield from _for_divisor(site, place, divisor, whole)


def _divisions(place: Place) -> list[tuple[ast.expr, ast.expr]]:
    """Divisor and whole operation."""
    divides = (ast.Div, ast.FloorDiv, ast.Mod)
    if isinstance(place.node, ast.BinOp) and isinstance(place.node.op, divides):
        return [(place.node.right, place.node)]
    if isinstance(place.statement, ast.AugAssign) and isinstance(place.statement.op, divides):
        return [(place.statement.value, place.statement.value)]
    if isinstance(place.node, ast.Call) and isinstance(place.node.func, ast.Name) and place.node.func.id == "divmod":
        return [(place.node.args[1], place.node)]
    return []


def _for_divisor(site: CrashSite, place: Place, divisor: ast.expr, whole: ast.expr) -> Iterator[Proposal]:
    source = place.source
    if not all(isinstance(node, ast.Call | ast.Name) or is_pure(node) for node in [divisor]):
        return
    condition = zero_test(place, divisor)
    yield from guard_above(site, place, condition, rule="guard_zero", subject=source.code(divisor))
    if whole is divisor:
        return
    for default, weight in _defaults(site, place, whole):
        text = f"{source.code(whole)} if {_positive(condition)} else {default}"
        if not isinstance(source.parent(whole), ast.Return | ast.Assign | ast.keyword | ast.AnnAssign):
            text = f"({text})"
        words = f"`{default}` where the divisor is zero."
        yield change("divide_or_default", source, source.replace(whole, text), 0.15 + 0.11 * weight, words)


def zero_test(place: Place, divisor: ast.expr) -> str:
    """`not items` for `len(items)`, `not total` for a name, a comparison for the rest."""
    if isinstance(divisor, ast.Call) and getattr(divisor.func, "id", "") == "len" and len(divisor.args) == 1:
        return f"not {place.source.code(divisor.args[0])}"
    if isinstance(divisor, ast.Name | ast.Attribute | ast.Subscript):
        return f"{place.source.code(divisor)} == 0"
    return (
        f"({place.source.code(divisor)}) == 0"
        if isinstance(divisor, ast.BinOp)
        else f"{place.source.code(divisor)} == 0"
    )


def _positive(condition: str) -> str:
    return condition[4:] if condition.startswith("not ") else condition.removesuffix(" == 0")


def _defaults(site: CrashSite, place: Place, whole: ast.expr) -> list[tuple[str, float]]:
    returned = isinstance(place.source.parent(whole), ast.Return)
    if returned and place.function is not None:
        fits = fitting_values(site.project, place.source, place.function)[:2]
        return [(fit.text or "None", fit.weight) for fit in fits]
    floating = isinstance(whole, ast.BinOp) and isinstance(whole.op, ast.Div)
    return [("0.0" if floating else "0", 2.5)]
