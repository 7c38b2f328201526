"""Join texts instead of adding them up.

What it does
    Turns a local text that starts empty and grows by `+=` in a loop into a list of parts that is joined after the
    loop.

Why it matters
    Each addition can copy all that was gathered before: n parts cost n x n / 2 copies.

Example
    Before: out = ""; for x in xs: out += f(x)
    After:  parts = []; for x in xs: parts.append(f(x)); out = "".join(parts)

When it does not apply
    The text is read or set in the loop in another way, or grows further after it,
    the loop leaves the function, or what is added may be no
    text.

Fix safety
    hardening: the same text; what is added must be a text, as `+=` demanded.

References
    CWE-407; https://docs.python.org/3/library/stdtypes.html#common-sequence-operations
"""

from __future__ import annotations

import libcst as cst

from tasks.generation.codemods.base import Codemod
from tasks.generation.codemods.model import Rule
from tasks.generation.codemods.syntax import assigned_name, descendants, own_nodes, string_value, uses_name
from tasks.models import Domain


class JoinStringParts(Codemod):
    def leave_IndentedBlock(
        self, original_node: cst.IndentedBlock, updated_node: cst.IndentedBlock
    ) -> cst.IndentedBlock:
        lines = list(updated_node.body)
        for position in range(len(lines) - 1):
            pair, loop = assigned_name(original_node.body[position]), original_node.body[position + 1]
            if pair is None or string_value(pair[1]) != "" or not isinstance(loop, cst.For):
                continue
            name, parts = pair[0], f"{pair[0]}_parts"
            rest = original_node.body[position + 2 :]
            if not _only_grows(loop, name) or uses_name(original_node, {parts}):
                continue
            if any(isinstance(n, cst.AugAssign) and _adds_to(n, name) for x in rest for n in descendants(x)):
                continue
            if self.enclosing_function(loop) is None or not self.accept(loop, f"join the parts of {name} once"):
                continue
            return updated_node.with_changes(body=_joined(lines, position, name, parts))
        return updated_node


def _joined(lines: list[cst.BaseStatement], position: int, name: str, parts: str) -> list[cst.BaseStatement]:
    start = cst.ensure_type(lines[position], cst.SimpleStatementLine)
    first = cst.ensure_type(cst.parse_statement(f"{parts} = []"), cst.SimpleStatementLine)
    first = first.with_changes(leading_lines=start.leading_lines, trailing_whitespace=start.trailing_whitespace)
    loop = lines[position + 1].visit(_Appending(name, parts))
    joined = cst.parse_statement(f'{name} = "".join({parts})')
    return [*lines[:position], first, cst.ensure_type(loop, cst.For), joined, *lines[position + 2 :]]


def _only_grows(loop: cst.For, name: str) -> bool:
    uses = [n for n in descendants(loop) if isinstance(n, cst.Name) and n.value == name]
    adds = [n for n in own_nodes(loop) if isinstance(n, cst.AugAssign) and _adds_to(n, name)]
    leaves = any(isinstance(n, cst.Return | cst.Yield | cst.Await) for n in descendants(loop))
    return bool(adds) and len(uses) == len(adds) and not leaves and all(_is_text(n.value) for n in adds)


def _adds_to(node: cst.AugAssign, name: str) -> bool:
    return isinstance(node.operator, cst.AddAssign) and isinstance(node.target, cst.Name) and node.target.value == name


def _is_text(value: cst.BaseExpression) -> bool:
    """The source shows that the value is a text."""
    if isinstance(value, cst.BaseString):
        return not isinstance(value, cst.SimpleString) or "b" not in value.prefix.lower()
    if isinstance(value, cst.BinaryOperation) and isinstance(value.operator, cst.Add | cst.Modulo):
        return _is_text(value.left) or (isinstance(value.operator, cst.Add) and _is_text(value.right))
    func = value.func if isinstance(value, cst.Call) else None
    if isinstance(func, cst.Name):
        return func.value in ("str", "repr", "chr", "hex", "format")
    return (
        isinstance(func, cst.Attribute)
        and isinstance(func.value, cst.BaseString)
        and func.attr.value in ("join", "format")
    )


class _Appending(cst.CSTTransformer):
    def __init__(self, name: str, parts: str) -> None:
        super().__init__()
        self.name, self.parts = name, parts

    def leave_AugAssign(self, original_node: cst.AugAssign, updated_node: cst.AugAssign) -> cst.AugAssign | cst.Expr:
        if not _adds_to(updated_node, self.name):
            return updated_node
        func = cst.Attribute(cst.Name(self.parts), cst.Name("append"))
        return cst.Expr(cst.Call(func, [cst.Arg(updated_node.value)]), semicolon=updated_node.semicolon)


RULE = Rule(
    id="join_string_parts",
    title="Join texts instead of adding them up",
    domain=Domain.PERFORMANCE,
    safety="hardening",
    transformer=JoinStringParts,
    hints=("+=",),
    cwe=(407, 1046),
    codeql=("py/string-concatenation-in-loop",),
    words=("slow", "quadratic", "high cpu", "takes too long", "cpu usage"),
)

VALID = (
    """\
def f(xs):
    out = ''
    for x in xs:
        out += x
    return out
""",
    """\
def f(xs):
    out = ''
    for x in xs:
        out += str(x)
        if out:
            break
    return out
""",
)
INVALID = (
    (
        """\
def f(xs):
    out = ''  # all
    for x in xs:
        out += str(x) + ','  # one
    return out
""",
        """\
def f(xs):
    out_parts = []  # all
    for x in xs:
        out_parts.append(str(x) + ',')  # one
    out = "".join(out_parts)
    return out
""",
    ),
)
