"""Where a value that turned out to be None came from, as far as its own function tells."""

from __future__ import annotations

import ast

from tasks.analysis.causes import code, none_holders
from tasks.context.outline import FunctionNode, FunctionSpan
from tasks.models import ExceptionInfo


def none_origin(exception: ExceptionInfo, statement: ast.stmt, span: FunctionSpan | None) -> str | None:
    """Says the assignment or the parameter; None unless exactly one name can be meant."""
    holders = none_holders(exception, statement)
    names = {ast.unparse(holder) for holder in holders}
    if span is None or len(names) != 1 or not isinstance(holders[0], ast.Name):
        return None
    name = holders[0].id
    bound = [
        node
        for node in ast.walk(span.node)
        if isinstance(node, ast.Name) and node.id == name and not isinstance(node.ctx, ast.Load)
    ]
    parameter = name in _parameters(span.node)
    if parameter and not bound:
        return f"`{name}` is a parameter, so the caller passed None or left out a default of None"
    assigned = _assignments(span.node, name, statement.lineno)
    if not parameter and len(bound) == len(assigned) == 1:  # a loop, a `with` or a second branch may set it as well
        value = assigned[0].value
        return f"`{name}` comes from {code(value)} at line {assigned[0].lineno}" if value is not None else None
    return None


def _assignments(function: FunctionNode, name: str, before: int) -> list[ast.Assign | ast.AnnAssign]:
    return [
        node
        for node in ast.walk(function)
        if isinstance(node, ast.Assign | ast.AnnAssign)
        and node.lineno < before
        and any(isinstance(target, ast.Name) and target.id == name for target in _targets(node))
    ]


def _targets(node: ast.Assign | ast.AnnAssign) -> list[ast.expr]:
    return node.targets if isinstance(node, ast.Assign) else [node.target]


def _parameters(function: FunctionNode) -> set[str]:
    arguments = function.args
    return {item.arg for item in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}
