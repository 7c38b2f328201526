"""What an exception at a line of code says of its cause, in words that name the code."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Sequence

from tasks.context.display import one_line
from tasks.models import ExceptionInfo

Explain = Callable[[ExceptionInfo, ast.stmt], str | None]

_LONGEST_CODE = 80


def explain(exception: ExceptionInfo, statement: ast.stmt | None) -> str:
    """A predicate that follows the place: "reads `a.b` although `a` is None"; else the bare exception."""
    if statement is not None:
        for explainer in _EXPLAINERS.get(exception.type.rpartition(".")[2], ()):
            found = explainer(exception, statement)
            if found:
                return found
    message = f": {one_line(exception.message, 120)}" if exception.message else ""
    return f"raises {exception.type or 'an exception'}{message}"


def code(node: ast.AST) -> str:
    return f"`{one_line(ast.unparse(node), _LONGEST_CODE)}`"


def either(nodes: Sequence[ast.AST]) -> str:
    """Each distinct expression: the line alone does not tell which of several it was."""
    return " or ".join(dict.fromkeys(code(node) for node in nodes))


def none_holders(exception: ExceptionInfo, statement: ast.stmt) -> list[ast.expr]:
    """The expressions on the line of which one must have been None; empty for another kind of exception."""
    attribute = re.search(r"'NoneType' object has no attribute '(\w+)'", exception.message)
    operand = re.search(r"'NoneType' object is not (subscriptable|callable)", exception.message)
    found: list[ast.expr] = []
    for node in own_expressions(statement):
        if (attribute and isinstance(node, ast.Attribute) and node.attr == attribute[1]) or (
            operand and operand[1] == "subscriptable" and isinstance(node, ast.Subscript)
        ):
            found.append(node.value)
        elif operand and operand[1] == "callable" and isinstance(node, ast.Call):
            found.append(node.func)
    return found


def own_expressions(statement: ast.stmt) -> Iterator[ast.AST]:
    """The expressions that the line itself evaluates: of a compound statement only its head."""
    heads = [
        value
        for name, value in ast.iter_fields(statement)
        if name not in ("body", "orelse", "finalbody", "handlers", "cases")
    ]
    for head in heads:
        for node in head if isinstance(head, list) else [head]:
            if isinstance(node, ast.AST):
                yield from ast.walk(node)


def _none_attribute(exception: ExceptionInfo, statement: ast.stmt) -> str | None:
    match = re.search(r"'(\w+)' object has no attribute '(\w+)'", exception.message)
    if not match:
        return None
    owners = [n for n in own_expressions(statement) if isinstance(n, ast.Attribute) and n.attr == match[2]]
    if not owners:
        return None
    read, holders = either(owners), either([node.value for node in owners])
    if match[1] == "NoneType":
        return f"reads {read} although {holders} is None"
    return f"reads {read}, but {holders} is a {match[1]}, which has no `{match[2]}`"


def _none_operand(exception: ExceptionInfo, statement: ast.stmt) -> str | None:
    match = re.search(r"'NoneType' object is not (subscriptable|iterable|callable)", exception.message)
    if not match:
        return None
    used = none_holders(exception, statement)
    if used and match[1] != "iterable":
        verb = "subscripts" if match[1] == "subscriptable" else "calls"
        return f"{verb} {either(used)} although it is None"
    if isinstance(statement, ast.For | ast.AsyncFor) and match[1] == "iterable":
        return f"loops over {code(statement.iter)} although it is None"
    return None


def _missing_key(exception: ExceptionInfo, statement: ast.stmt) -> str | None:
    wanted = exception.message.strip()
    subscripts = [n for n in own_expressions(statement) if isinstance(n, ast.Subscript)]
    literal = [n for n in subscripts if isinstance(n.slice, ast.Constant) and repr(n.slice.value) == wanted]
    chosen = literal or [n for n in subscripts if not isinstance(n.slice, ast.Constant | ast.Slice)]
    if not chosen:
        return None
    return f"takes {either(chosen)} although {either([n.value for n in chosen])} has no key {one_line(wanted, 60)}"


def _index(exception: ExceptionInfo, statement: ast.stmt) -> str | None:
    if exception.message.startswith("pop from"):
        called = [node.func for node in own_expressions(statement) if isinstance(node, ast.Call)]
        popped = [name.value for name in called if isinstance(name, ast.Attribute) and name.attr == "pop"]
        return f"pops from {either(popped)} although it is empty" if popped else None
    taken = [
        node
        for node in own_expressions(statement)
        if isinstance(node, ast.Subscript) and not isinstance(node.slice, ast.Slice)
    ]
    return f"takes {either(taken)} although {either([n.value for n in taken])} is too short" if taken else None


def _division(exception: ExceptionInfo, statement: ast.stmt) -> str | None:
    divisions = (ast.Div, ast.FloorDiv, ast.Mod)
    divisors = [
        node.right
        for node in own_expressions(statement)
        if isinstance(node, ast.BinOp) and isinstance(node.op, divisions) and not isinstance(node.right, ast.Constant)
    ]
    return f"divides by {either(divisors)} although it is zero" if divisors else None


def _arguments(exception: ExceptionInfo, statement: ast.stmt) -> str | None:
    match = re.search(r"(\w+)\(\) (missing .*|got an unexpected keyword argument .*|takes .*)", exception.message)
    if not match:
        return None
    for node in own_expressions(statement):
        name = node.func if isinstance(node, ast.Call) else None
        if name is not None and (getattr(name, "id", "") == match[1] or getattr(name, "attr", "") == match[1]):
            return f"calls {code(name)} with other arguments than it takes: {one_line(match[2], 100)}"
    return None


def _operands(exception: ExceptionInfo, statement: ast.stmt) -> str | None:
    match = re.search(r"unsupported operand type\(s\) for (\S+): '(\w+)' and '(\w+)'", exception.message)
    compared = re.search(r"'(\S+)' not supported between instances of '(\w+)' and '(\w+)'", exception.message)
    mixed = match or compared
    if not mixed:
        return None
    wanted = ast.BinOp if match else ast.Compare
    for node in own_expressions(statement):
        if isinstance(node, wanted):
            return f"applies `{mixed[1].rstrip(':')}` to a {mixed[2]} and a {mixed[3]} in {code(node)}"
    return None


def _awaited(exception: ExceptionInfo, statement: ast.stmt) -> str | None:
    if "coroutine" not in exception.message:
        return None
    for node in own_expressions(statement):
        if isinstance(node, ast.Call):
            return f"uses the result of {code(node)} without `await`"
    return None


def _parsing(exception: ExceptionInfo, statement: ast.stmt) -> str | None:
    match = re.search(r"invalid literal for (int)|could not convert string to (float)|does not match format"
                      r"|Invalid isoformat", exception.message)  # fmt: skip
    if not match:
        return None
    parsers = {"int", "float", "strptime", "fromisoformat"}
    for node in own_expressions(statement):
        if isinstance(node, ast.Call) and (getattr(node.func, "id", None) or getattr(node.func, "attr", "")) in parsers:
            return f"parses with {code(node)} text that is none: {one_line(exception.message, 100)}"
    return None


def _name(exception: ExceptionInfo, statement: ast.stmt) -> str | None:
    match = re.search(r"variable '(\w+)'|name '(\w+)'", exception.message)
    return f"uses `{match[1] or match[2]}`, which is not set on this path" if match else None


def _built_sql(exception: ExceptionInfo, statement: ast.stmt) -> str | None:
    for node in own_expressions(statement):
        if not (isinstance(node, ast.Call) and node.args and getattr(node.func, "attr", "").startswith("execute")):
            continue
        text = node.args[0]
        built = (
            isinstance(text, ast.JoinedStr | ast.BinOp) or getattr(getattr(text, "func", None), "attr", "") == "format"
        )
        if built:
            return f"pastes values into the SQL text {code(text)}, where {one_line(exception.message, 80)}"
    return None


_TYPE_ERROR = (_none_operand, _awaited, _arguments, _operands)
_DATABASE = (_built_sql,)
_EXPLAINERS: dict[str, tuple[Explain, ...]] = {
    "AttributeError": (_awaited, _none_attribute),
    "TypeError": _TYPE_ERROR,
    "KeyError": (_missing_key,),
    "IndexError": (_index,),
    "ZeroDivisionError": (_division,),
    "ValueError": (_parsing,),
    "NameError": (_name,),
    "UnboundLocalError": (_name,),
    "OperationalError": _DATABASE,
    "ProgrammingError": _DATABASE,
    "DatabaseError": _DATABASE,
    "SyntaxError": _DATABASE,
}
