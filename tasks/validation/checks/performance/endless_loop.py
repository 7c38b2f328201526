"""Loops that nothing can end."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tasks.models import Level, ValidationIssue
from tasks.validation.change import House
from tasks.validation.source import FunctionNode, Source

_WAYS_OUT = (ast.Return, ast.Raise, ast.Yield, ast.YieldFrom, ast.Await)


def check_endless_loop(source: Source, house: House) -> Iterator[ValidationIssue]:
    for node in source.nodes:
        if isinstance(node, ast.While) and not _can_end(node):
            message = f"nothing in the loop can end it: `while {ast.unparse(node.test)[:60]}`"
            suggestion = "change what the condition reads, or break"
            yield source.issue(Level.PERFORMANCE, "endless-loop", "error", node, message, suggestion)


def _can_end(loop: ast.While) -> bool:
    if _leaves(loop.body):
        return True
    if isinstance(loop.test, ast.Constant):
        return not loop.test.value or _calls_something(loop)
    if any(not isinstance(node, _PLAIN) for node in ast.walk(loop.test)):
        return True
    if not _compares_numbers(loop.test) and _calls_something(loop):
        return True
    read = {node.id for node in ast.walk(loop.test) if isinstance(node, ast.Name)}
    return bool(read & _bound(loop)) or _calls_method_of(read, loop)


_PLAIN = (
    ast.Compare, ast.cmpop, ast.Name, ast.Constant, ast.BoolOp, ast.boolop, ast.UnaryOp, ast.unaryop, ast.Load,
    ast.BinOp, ast.operator,
)  # fmt: skip


def _leaves(body: list[ast.stmt]) -> bool:
    """Whether a break of this loop, a return, a raise or an await is somewhere in it."""
    waiting: list[tuple[ast.AST, bool]] = [(item, True) for item in body]
    while waiting:
        node, own = waiting.pop()
        if isinstance(node, _WAYS_OUT) or (isinstance(node, ast.Break) and own):
            return True
        if isinstance(node, FunctionNode | ast.Lambda | ast.ClassDef):
            continue
        inner = own and not isinstance(node, ast.For | ast.AsyncFor | ast.While)
        waiting += [(child, inner) for child in ast.iter_child_nodes(node)]
    return False


def _calls_something(loop: ast.While) -> bool:
    """`while True` around a call may be a server's loop, which an exception or a signal ends."""
    return any(isinstance(node, ast.Call) and not _leaves_arguments_alone(node) for node in ast.walk(loop))


def _compares_numbers(test: ast.expr) -> bool:
    """`i < n`: only binding one of the names anew can change it, where a call could empty the list of `while todo`."""
    ordered = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
    return isinstance(test, ast.Compare) and all(isinstance(operator, ordered) for operator in test.ops)


def _bound(loop: ast.While) -> set[str]:
    stored = (ast.Store, ast.Del)
    names = {node.id for node in ast.walk(loop) if isinstance(node, ast.Name) and isinstance(node.ctx, stored)}
    return names | {
        name for node in ast.walk(loop) if isinstance(node, ast.Global | ast.Nonlocal) for name in node.names
    }


def _calls_method_of(names: set[str], loop: ast.While) -> bool:
    """A list or queue in the condition may shrink by `x.pop()`, or by being passed on."""
    for node in ast.walk(loop):
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store | ast.Del):
            return True
        if isinstance(node, ast.Call) and not _leaves_arguments_alone(node):
            parts = [node.func, *node.args, *(item.value for item in node.keywords)]
            if any(isinstance(n, ast.Name) and n.id in names for part in parts for n in ast.walk(part)):
                return True
    return False


def _leaves_arguments_alone(call: ast.Call) -> bool:
    """Passing a number to a plain function, e.g. `print(i)`, cannot change it."""
    return isinstance(call.func, ast.Name) and call.func.id in {"print", "len", "range", "str", "int", "repr", "abs"}
