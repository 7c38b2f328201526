"""What a function's body amounts to."""

from __future__ import annotations

import ast

from tasks.validation.source import FunctionNode


def statements(function: FunctionNode) -> list[ast.stmt]:
    """The body without its docstring and other bare constants."""
    return [item for item in function.body if not (isinstance(item, ast.Expr) and isinstance(item.value, ast.Constant))]


def is_idle(statement: ast.stmt) -> bool:
    """`pass`, `...`, a return of nothing or of a constant, or NotImplementedError."""
    if isinstance(statement, ast.Return):
        return statement.value is None or isinstance(statement.value, ast.Constant)
    return isinstance(statement, ast.Pass) or _is_not_implemented(statement)


def is_empty(function: FunctionNode) -> bool:
    """Nothing but a docstring, `pass` or `...`."""
    return all(isinstance(item, ast.Pass) for item in statements(function))


def raises_not_implemented(function: FunctionNode) -> bool:
    body = statements(function)
    return len(body) == 1 and _is_not_implemented(body[0])


def _is_not_implemented(statement: ast.stmt) -> bool:
    if not isinstance(statement, ast.Raise) or statement.exc is None:
        return False
    raised = statement.exc.func if isinstance(statement.exc, ast.Call) else statement.exc
    return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"


def returns_constant(function: FunctionNode) -> bool:
    """One return of a literal that depends on nothing."""
    body = statements(function)
    if len(body) != 1 or not isinstance(body[0], ast.Return):
        return False
    value = body[0].value
    return value is None or all(
        isinstance(
            node, ast.Constant | ast.List | ast.Tuple | ast.Dict | ast.Set | ast.Load | ast.UnaryOp | ast.unaryop
        )
        for node in ast.walk(value)
    )


def does_work(function: FunctionNode) -> bool:
    return not (is_empty(function) or raises_not_implemented(function) or returns_constant(function))
