"""A value is None where an object, text, number or collection was expected.

What it does: guards above the statement (return, skip or refuse as the code around does), a conditional expression,
or `or <default>` where the use says what a missing value means.

    before    header = request.headers.get("Authorization")
              return header.removeprefix("Bearer ")
    after     header = request.headers.get("Authorization")
              if header is None:
                  return ""
              return header.removeprefix("Bearer ")

When it does not apply: the expression that was None cannot be told.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tasks.generation.crash.conventions import guards_of
from tasks.generation.crash.fitting import fitting_values
from tasks.generation.crash.guards import filter_comprehension, guard_above, guard_named, is_pure
from tasks.generation.crash.proposal import Proposal, change
from tasks.generation.crash.site import CrashSite, Place
from tasks.generation.crash.uses import defaults_for

RULE = "guard_none"


def propose(site: CrashSite) -> Iterator[Proposal]:
    if site.error.name not in ("AttributeError", "TypeError") or "None" not in site.error.message:
        return
    place = site.raising
    for node in none_expressions(site, place):
        yield from _for_expression(site, place, node)
    for caller in site.callers[:2]:
        yield from _recursion_base(site, place, caller)


def none_expressions(site: CrashSite, place: Place) -> list[ast.expr]:
    """The parts of the failing expression that were, or may have been, None."""
    node = place.node
    walked = "object is not iterable" in site.error.message or "must be an iterable" in site.error.message
    if walked:
        return _walked(place)
    if isinstance(node, ast.Attribute | ast.Subscript):
        return [node.value]
    if isinstance(node, ast.Compare) and len(node.comparators) == 1:
        inside = isinstance(node.ops[0], ast.In | ast.NotIn)
        return [node.comparators[0]] if inside else _sides(site, place, node.left, node.comparators[0])
    if isinstance(node, ast.Call):
        uncalled = "not callable" in site.error.message
        return [node.func] if uncalled else [arg for arg in node.args if _may_be_none(place, arg)]
    if isinstance(node, ast.UnaryOp):
        return [node.operand]
    return _of_statement(site, place)


def _walked(place: Place) -> list[ast.expr]:
    """What a loop, a comprehension or a call walks through; Python points at the whole of a comprehension."""
    node = place.node
    comprehensions = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
    if isinstance(node, comprehensions):
        return [node.generators[0].iter]
    if isinstance(node, ast.Call):
        inner = [argument for argument in node.args if isinstance(argument, comprehensions)]
        return [comprehension.generators[0].iter for comprehension in inner] or list(node.args)
    if isinstance(place.statement, ast.For) and node is None:
        return [place.statement.iter]
    return [node] if node is not None else []


def _of_statement(site: CrashSite, place: Place) -> list[ast.expr]:
    if isinstance(place.node, ast.BinOp):
        return _sides(site, place, place.node.left, place.node.right)
    if isinstance(place.statement, ast.AugAssign):
        return _sides(site, place, place.statement.target, place.statement.value)
    return [place.node] if place.node is not None else []


def _sides(site: CrashSite, place: Place, left: ast.expr, right: ast.expr) -> list[ast.expr]:
    found = re.search(r"'([\w.]+)' and '([\w.]+)'", site.error.message)
    kinds = found.groups() if found else ("", "")
    sides = [side for side, kind in zip((left, right), kinds, strict=True) if kind == "NoneType"]
    return sides or [side for side in (left, right) if _may_be_none(place, side)]


def _may_be_none(place: Place, node: ast.expr) -> bool:
    if isinstance(node, ast.Constant | ast.JoinedStr):
        return False
    return not isinstance(node, ast.Name) or place.type_of(node.id) in (None, "NoneType")


def _for_expression(site: CrashSite, place: Place, node: ast.expr) -> Iterator[Proposal]:
    source = place.source
    text = source.code(node)
    yield from _or_default(place, node, text)
    if not is_pure(node):
        yield from guard_named(site, place, node, "{name} is None", rule=RULE)
        return
    yield from _conditional(site, place, node, text)
    yield from filter_comprehension(place, f"{text} is not None", rule="filter_none", confidence=0.45)
    yield from guard_above(site, place, f"{text} is None", rule=RULE, subject=text)


def _or_default(place: Place, node: ast.expr, text: str) -> Iterator[Proposal]:
    for default, weight in defaults_for(place, node)[:2]:
        if default == "None":
            continue
        words = f"`{text}` counts as `{default}` when it is None."
        confidence = 0.12 + 0.14 * weight
        yield change(
            "default_for_none", place.source, place.source.replace(node, f"({text} or {default})"), confidence, words
        )


def _conditional(site: CrashSite, place: Place, node: ast.expr, text: str) -> Iterator[Proposal]:
    """`x.name if x is not None else <default>` in place of the chain that starts at the missing value."""
    source = place.source
    chain = _chain(place, node)
    if chain is None:
        return
    code = source.code(chain)
    for default, weight in _conditional_defaults(site, place, chain):
        wrapped = f"{code} if {text} is not None else {default}"
        if not _stands_alone(place, chain):
            wrapped = f"({wrapped})"
        words = f"`{default}` in place of `{code}` when `{text}` is None."
        yield change("none_aware_expression", source, source.replace(chain, wrapped), 0.1 + 0.13 * weight, words)


def _chain(place: Place, node: ast.expr) -> ast.expr | None:
    """The attributes, subscripts and calls that hang on `node`; the operation for an operand."""
    chain: ast.expr = node
    while (above := place.source.parent(chain)) is not None:
        hangs = isinstance(above, ast.Attribute | ast.Subscript) and above.value is chain
        called = isinstance(above, ast.Call) and above.func is chain
        operand = isinstance(above, ast.BinOp) and above is place.node
        if not (hangs or called or operand):
            break
        assert isinstance(above, ast.expr)
        chain = above
    return chain if chain is not node else None


def _stands_alone(place: Place, node: ast.expr) -> bool:
    return isinstance(place.source.parent(node), ast.Return | ast.Assign | ast.keyword | ast.AnnAssign)


def _conditional_defaults(site: CrashSite, place: Place, chain: ast.expr) -> list[tuple[str, float]]:
    if isinstance(place.source.parent(chain), ast.Return) and place.function is not None:
        fits = fitting_values(site.project, place.source, place.function)[:2]
        return [(fit.text or "None", 0.6 * fit.weight) for fit in fits] + _neutral_operand(place, chain)
    share = 0.85 if isinstance(chain, ast.BinOp) else 1.0
    defaults = [(default, share * weight) for default, weight in defaults_for(place, chain)[:2]]
    return defaults + _neutral_operand(place, chain)


def _neutral_operand(place: Place, chain: ast.expr) -> list[tuple[str, float]]:
    """The other operand alone, when one side of an operation is missing."""
    if not isinstance(chain, ast.BinOp) or not isinstance(chain.op, ast.Add | ast.Sub | ast.Mult):
        return []
    if isinstance(chain.op, ast.Sub) and not is_pure(chain.left):
        return []
    return [(place.source.code(chain.left), 1.5)]


def _recursion_base(site: CrashSite, place: Place, caller: Place) -> Iterator[Proposal]:
    """In a recursive function whose argument ran out: stop one step earlier, where a sibling's base case does."""
    function, call = place.function, caller.node
    if function is None or caller.function is not function or not isinstance(call, ast.Call) or not call.args:
        return
    step = place.source.code(call.args[0])
    spoken = any(
        guard.test is not None and step in place.source.code(guard.test)
        for other in place.source.functions
        if other is not function
        for guard in guards_of(place.source, other)
    )
    for proposal in guard_above(site, caller, f"{step} is None", rule="recursion_base", subject=step, base=0.05):
        yield change_confidence(proposal, 0.15 if spoken else 0.0)
    if isinstance(caller.statement, ast.Return):
        yield from _numeric_base(caller, step, spoken)


def _numeric_base(caller: Place, step: str, spoken: bool) -> Iterator[Proposal]:
    value = caller.statement.value if isinstance(caller.statement, ast.Return) else None
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add):
        lines = [f"if {step} is None:", f"{caller.source.indent_unit}return 0"]
        splice = caller.source.insert_before(caller.anchor, lines)
        yield change(
            "recursion_base:return",
            caller.source,
            splice,
            0.7 if spoken else 0.5,
            f"Counting ends where `{step}` is None.",
        )


def change_confidence(proposal: Proposal, by: float) -> Proposal:
    return type(proposal)(
        proposal.rule,
        proposal.description,
        proposal.changes,
        min(proposal.confidence + by, 0.95),
        proposal.suspicions,
    )
