"""Small faults put into changed lines, to see whether the tests would notice."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from dataclasses import dataclass

_COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Lt: "<=",
    ast.LtE: "<",
    ast.Gt: ">=",
    ast.GtE: ">",
    ast.Eq: "!=",
    ast.NotEq: "==",
    ast.Is: "is not",
    ast.IsNot: "is",
    ast.In: "not in",
    ast.NotIn: "in",
}
_ARITHMETIC: dict[type[ast.operator], str] = {
    ast.Add: "-",
    ast.Sub: "+",
    ast.Mult: "//",
    ast.Div: "*",
    ast.FloorDiv: "*",
    ast.Mod: "*",
    ast.BitAnd: "|",
    ast.BitOr: "&",
}

Placed = ast.expr | ast.stmt
"""The nodes that have a place in the text."""


@dataclass(frozen=True)
class Mutant:
    line: int
    description: str
    source: str
    """The whole file with the fault in it."""


def mutants_of(source: str, lines: Collection[int]) -> Iterator[Mutant]:
    """Mutants of the nodes that begin on `lines`, one a line in turn; none where `source` does not parse."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return
    text = _Text(source)
    by_line: dict[int, list[Mutant]] = {}
    for node in ast.walk(tree):
        if isinstance(node, Placed) and node.lineno in lines:
            for start, end, replacement in _changes(node, text):
                mutated = text.replaced(start, end, replacement)
                if _parses(mutated):
                    description = f"{text.between(start, end)!r} -> {replacement!r}"
                    by_line.setdefault(node.lineno, []).append(Mutant(node.lineno, description, mutated))
    for turn in range(max(map(len, by_line.values()), default=0)):
        yield from (by_line[line][turn] for line in sorted(by_line) if turn < len(by_line[line]))


def _changes(node: Placed, text: _Text) -> Iterator[tuple[int, int, str]]:
    """Start, end and replacement of each fault that suits `node`."""
    match node:
        case ast.Compare(left=left, ops=[operator], comparators=[right]) if type(operator) in _COMPARISONS:
            yield text.end(left), text.start(right), f" {_COMPARISONS[type(operator)]} "
        case ast.BinOp(left=left, op=arithmetic, right=right) if type(arithmetic) in _ARITHMETIC:
            yield from text.operator(left, right, _ARITHMETIC[type(arithmetic)])
        case ast.BoolOp(op=boolean, values=[left, right, *_]):
            yield from text.operator(left, right, "or" if isinstance(boolean, ast.And) else "and")
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield text.start(node), text.start(operand), ""
        case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test):
            yield text.start(test), text.end(test), f"not ({text.of(test)})"
        case ast.Return(value=ast.expr() as value) if not _is_none(value):
            yield text.start(value), text.end(value), "None"
        case ast.Constant(value=bool() as flag):
            yield text.start(node), text.end(node), str(not flag)
        case ast.Constant(value=int() as number):
            yield text.start(node), text.end(node), str(number + 1)
        case ast.Expr(value=ast.Call()) | ast.Raise():
            yield text.start(node), text.end(node), "pass"
        case ast.Assign(value=value) if not _is_none(value):
            yield text.start(value), text.end(value), "None"


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _parses(source: str) -> bool:
    try:
        ast.parse(source)
    except SyntaxError:
        return False
    return True


class _Text:
    """Source addressed by the positions of its nodes, which count bytes of UTF-8."""

    def __init__(self, source: str) -> None:
        self._bytes = source.encode("utf-8", "surrogatepass")
        self._line_starts = [0]
        for line in self._bytes.splitlines(keepends=True):
            self._line_starts.append(self._line_starts[-1] + len(line))

    def start(self, node: Placed) -> int:
        return self._line_starts[node.lineno - 1] + node.col_offset

    def end(self, node: Placed) -> int:
        return self._line_starts[(node.end_lineno or node.lineno) - 1] + (node.end_col_offset or 0)

    def of(self, node: Placed) -> str:
        return self.between(self.start(node), self.end(node))

    def between(self, start: int, end: int) -> str:
        return self._bytes[start:end].decode("utf-8", "replace").strip()

    def replaced(self, start: int, end: int, replacement: str) -> str:
        return (self._bytes[:start] + replacement.encode() + self._bytes[end:]).decode("utf-8", "surrogatepass")

    def operator(self, left: Placed, right: Placed, replacement: str) -> Iterator[tuple[int, int, str]]:
        """The operator alone between two operands that may be in parentheses."""
        start, end = self.end(left), self.start(right)
        between = self._bytes[start:end]
        sign = between.strip(b" \t\n\r\\()")
        if sign and b"#" not in between:
            at = start + between.index(sign)
            yield at, at + len(sign), replacement
