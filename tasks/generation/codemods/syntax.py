"""Small questions to and changes of libcst nodes that many codemods share."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import libcst as cst


def expr(code: str) -> cst.BaseExpression:
    return cst.parse_expression(code)


def code_of(node: cst.CSTNode) -> str:
    return cst.Module(body=[]).code_for_node(node)


def dotted(node: cst.CSTNode) -> str | None:
    """`a.b.c` for a chain of names; None for anything else."""
    if isinstance(node, cst.Name):
        return node.value
    if isinstance(node, cst.Attribute):
        head = dotted(node.value)
        return f"{head}.{node.attr.value}" if head else None
    return None


def string_value(node: cst.CSTNode | None) -> str | None:
    """The text of a plain (possibly concatenated) string literal; None for bytes, f-strings and the rest."""
    if isinstance(node, cst.SimpleString | cst.ConcatenatedString):
        try:
            value = node.evaluated_value
        except SyntaxError:
            # an escape that the compiler will refuse, which the parser lets through
            return None
        return value if isinstance(value, str) else None
    return None


def integer_value(node: cst.CSTNode | None) -> int | None:
    return node.evaluated_value if isinstance(node, cst.Integer) else None


def is_literal(node: cst.CSTNode) -> bool:
    """A constant whose value the source shows: strings, numbers, None, booleans, and displays of these."""
    if isinstance(node, cst.Name):
        return node.value in ("None", "True", "False")
    if isinstance(node, cst.Tuple | cst.List | cst.Set):
        return all(isinstance(e, cst.Element) and is_literal(e.value) for e in node.elements)
    if isinstance(node, cst.Dict):
        return all(isinstance(e, cst.DictElement) and is_literal(e.key) and is_literal(e.value) for e in node.elements)
    if isinstance(node, cst.UnaryOperation):
        return is_literal(node.expression)
    return isinstance(node, cst.SimpleString | cst.ConcatenatedString | cst.BaseNumber)


def has_star(call: cst.Call) -> bool:
    return any(arg.star for arg in call.args)


def keyword(call: cst.Call, name: str) -> cst.Arg | None:
    return next((arg for arg in call.args if arg.keyword is not None and arg.keyword.value == name), None)


def positional(call: cst.Call) -> list[cst.Arg]:
    return [arg for arg in call.args if arg.keyword is None and not arg.star]


def argument(call: cst.Call, index: int, name: str) -> cst.Arg | None:
    """The argument given as `name=` or at `index`."""
    given = positional(call)
    return keyword(call, name) or (given[index] if len(given) > index else None)


def with_keyword(call: cst.Call, name: str, value: cst.BaseExpression | str) -> cst.Call:
    """The call with `name=value`, replaced in place or appended in the layout of the other arguments."""
    node = expr(value) if isinstance(value, str) else value
    old = keyword(call, name)
    if old is not None:
        return cst.ensure_type(call.with_deep_changes(old, value=node), cst.Call)
    equal = cst.AssignEqual(whitespace_before=cst.SimpleWhitespace(""), whitespace_after=cst.SimpleWhitespace(""))
    new = cst.Arg(keyword=cst.Name(name), value=node, equal=equal)
    return call.with_changes(args=_appended(call.args, new))


def _appended(args: Sequence[cst.Arg], new: cst.Arg) -> list[cst.Arg]:
    if not args:
        return [new]
    *head, last = args
    trailing = last.comma
    separator = head[-1].comma if head else cst.MaybeSentinel.DEFAULT
    if isinstance(trailing, cst.Comma):
        between = separator if isinstance(separator, cst.Comma) else cst.Comma(cst.SimpleWhitespace(""))
        if not isinstance(separator, cst.Comma):
            between = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
        closing = last.whitespace_after_arg
        return [*head, last.with_changes(comma=between), new.with_changes(comma=trailing, whitespace_after_arg=closing)]
    if isinstance(separator, cst.Comma) and isinstance(separator.whitespace_after, cst.ParenthesizedWhitespace):
        between = separator
    else:
        between = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    space = cst.SimpleWhitespace("")
    return [
        *head,
        last.with_changes(comma=between, whitespace_after_arg=space),
        new.with_changes(whitespace_after_arg=last.whitespace_after_arg),
    ]


def without_argument(call: cst.Call, gone: cst.Arg) -> cst.Call:
    """The call without one argument; the comma layout of the rest stays."""
    args = [arg for arg in call.args if arg is not gone]
    if args and call.args[-1] is gone:
        args[-1] = args[-1].with_changes(comma=gone.comma, whitespace_after_arg=gone.whitespace_after_arg)
    return call.with_changes(args=args)


def with_value(call: cst.Call, arg: cst.Arg, value: cst.BaseExpression | str) -> cst.Call:
    """The call with the value of one of its arguments replaced."""
    node = expr(value) if isinstance(value, str) else value
    return call.with_changes(args=[a.with_changes(value=node) if a is arg else a for a in call.args])


def simple(statement: cst.BaseStatement | cst.BaseSmallStatement | cst.CSTNode) -> cst.BaseSmallStatement | None:
    """The small statement of a line that holds just one."""
    if isinstance(statement, cst.SimpleStatementLine) and len(statement.body) == 1:
        return statement.body[0]
    return None


def assigned_name(statement: cst.CSTNode) -> tuple[str, cst.BaseExpression] | None:
    """`name, value` of a line `name = value`."""
    small = simple(statement)
    if isinstance(small, cst.Assign) and len(small.targets) == 1 and isinstance(small.targets[0].target, cst.Name):
        return small.targets[0].target.value, small.value
    if isinstance(small, cst.AnnAssign) and isinstance(small.target, cst.Name) and small.value is not None:
        return small.target.value, small.value
    return None


def descendants(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """The node and everything below it, in source order."""
    yield node
    for child in node.children:
        yield from descendants(child)


def own_nodes(body: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """Like `descendants`, but not into nested functions, lambdas and classes."""
    yield body
    for child in body.children:
        if not isinstance(child, cst.FunctionDef | cst.ClassDef | cst.Lambda):
            yield from own_nodes(child)


def uses_name(node: cst.CSTNode, names: Collection[str]) -> bool:
    return any(isinstance(n, cst.Name) and n.value in names for n in descendants(node))


def bound_names(node: cst.CSTNode) -> set[str]:
    """Names that the code below `node` assigns, loops over, imports or declares."""
    found: set[str] = set()
    for child in descendants(node):
        if isinstance(child, cst.AssignTarget | cst.AugAssign | cst.AnnAssign | cst.NamedExpr | cst.Del):
            target = child.target
            found |= {n.value for n in _target_names(target)}
        elif isinstance(child, cst.For | cst.CompFor):
            found |= {n.value for n in _target_names(child.target)}
        elif isinstance(child, cst.AsName):
            found |= {n.value for n in _target_names(child.name)}
        elif isinstance(child, cst.FunctionDef | cst.ClassDef):
            found.add(child.name.value)
        elif isinstance(child, cst.ImportAlias):
            found.add((dotted(child.name) or "").split(".")[0])
    return found


def _target_names(target: cst.CSTNode) -> Iterator[cst.Name]:
    if isinstance(target, cst.Name):
        yield target
    elif isinstance(target, cst.Tuple | cst.List):
        for element in target.elements:
            yield from _target_names(element.value)
