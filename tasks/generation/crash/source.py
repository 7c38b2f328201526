"""A Python file as text and tree at once: nodes are found in the tree, edits are made in the text.

Text is spliced by node positions, so that everything a candidate does not mean to change keeps its formatting.
"""

from __future__ import annotations

import ast
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

Function = ast.FunctionDef | ast.AsyncFunctionDef
Node = TypeVar("Node", bound=ast.AST)


@dataclass(frozen=True, order=True)
class Splice:
    """Replace the text from `start` up to `end` (character offsets)."""

    start: int
    end: int
    text: str


class SourceFile:
    def __init__(self, path: str, text: str) -> None:
        """Raises SyntaxError when `text` does not parse."""
        self.path = path
        self.text = text
        self.tree = ast.parse(text)

    @cached_property
    def _lines(self) -> list[str]:
        # Not splitlines, which also splits at form feeds and other marks that are no line ends for Python.
        return list(io.StringIO(self.text, newline=""))

    @cached_property
    def _line_starts(self) -> list[int]:
        starts = [0]
        for line in self._lines:
            starts.append(starts[-1] + len(line))
        return starts

    @cached_property
    def _parents(self) -> dict[ast.AST, ast.AST]:
        return {child: node for node in ast.walk(self.tree) for child in ast.iter_child_nodes(node)}

    @property
    def newline(self) -> str:
        return "\r\n" if "\r\n" in self.text else "\n"

    @cached_property
    def indent_unit(self) -> str:
        for line in self._lines:
            stripped = line.lstrip(" \t")
            if stripped not in ("", "\n", "\r\n") and stripped != line:
                return line[: len(line) - len(stripped)]
        return "    "

    @cached_property
    def quote(self) -> str:
        return "'" if self.text.count("'") > self.text.count('"') else '"'

    def offset(self, line: int, column: int) -> int:
        """Character offset of a position as `ast` counts: lines from 1, columns in UTF-8 bytes."""
        text = self._lines[line - 1]
        return self._line_starts[line - 1] + len(text.encode("utf-8")[:column].decode("utf-8", "ignore"))

    def span(self, node: ast.AST) -> tuple[int, int]:
        return self.offset(node.lineno, node.col_offset), self.offset(node.end_lineno, node.end_col_offset)  # type: ignore[attr-defined]

    def code(self, node: ast.AST) -> str:
        """The node's text as written."""
        start, end = self.span(node)
        return self.text[start:end]

    def parent(self, node: ast.AST) -> ast.AST | None:
        return self._parents.get(node)

    def ancestors(self, node: ast.AST) -> Iterator[ast.AST]:
        """From the parent up to the module."""
        while (above := self._parents.get(node)) is not None:
            yield above
            node = above

    def enclosing(self, node: ast.AST, kind: type[Node] | tuple[type[Node], ...]) -> Node | None:
        """The node itself or its nearest ancestor of that kind."""
        if isinstance(node, kind):
            return node
        return next((above for above in self.ancestors(node) if isinstance(above, kind)), None)

    def statement(self, node: ast.AST) -> ast.stmt | None:
        return self.enclosing(node, ast.stmt)

    def function(self, node: ast.AST) -> Function | None:
        """The function around the node, or the node itself when it is one."""
        for candidate in (node, *self.ancestors(node)):
            if isinstance(candidate, ast.FunctionDef | ast.AsyncFunctionDef):
                return candidate
        return None

    def function_at(self, line: int) -> Function | None:
        """The innermost function whose lines hold `line`."""
        holding = [f for f in self.functions if f.lineno <= line <= (f.end_lineno or f.lineno)]
        return max(holding, key=lambda f: f.lineno, default=None)

    @cached_property
    def functions(self) -> tuple[Function, ...]:
        return tuple(n for n in ast.walk(self.tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))

    def qualified_name(self, function: Function) -> str:
        scopes = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
        above = [scope.name for scope in self.ancestors(function) if isinstance(scope, scopes)]
        return ".".join([*reversed(above), function.name])

    def statement_at(self, line: int) -> ast.stmt | None:
        """The innermost statement whose lines hold `line`."""
        holding = [
            node
            for node in ast.walk(self.tree)
            if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or node.lineno)
        ]
        return max(holding, key=lambda node: (node.lineno, -(node.end_lineno or 0)), default=None)

    def expression_at(self, position: tuple[int, int, int, int]) -> ast.expr | None:
        """The expression that spans exactly `position` (line, end line, column, end column)."""
        line, end_line, column, end_column = position
        for node in ast.walk(self.tree):
            if (
                isinstance(node, ast.expr)
                and (node.lineno, node.col_offset) == (line, column)
                and (node.end_lineno, node.end_col_offset) == (end_line, end_column)
            ):
                return node
        return None

    def indent(self, statement: ast.stmt) -> str:
        """The white space before the statement's line."""
        line = self._lines[statement.lineno - 1]
        return line[: len(line) - len(line.lstrip(" \t"))]

    def starts_its_line(self, statement: ast.stmt) -> bool:
        return self._lines[statement.lineno - 1].lstrip(" \t") == self.text_from(statement)

    def text_from(self, statement: ast.stmt) -> str:
        start = self.offset(statement.lineno, statement.col_offset)
        return self.text[start : self._line_starts[statement.lineno]]

    def replace(self, node: ast.AST, text: str) -> Splice:
        start, end = self.span(node)
        return Splice(start, end, text)

    def insert_before(self, statement: ast.stmt, lines: Iterable[str]) -> Splice:
        """New lines above the statement, at its indentation; a line may bring further indentation of its own."""
        first = min([statement.lineno, *(d.lineno for d in getattr(statement, "decorator_list", []))])
        start = self._line_starts[first - 1]
        return Splice(start, start, self._block(self.indent(statement), lines))

    def insert_after(self, statement: ast.stmt, lines: Iterable[str]) -> Splice:
        """New lines below the statement, at its indentation."""
        end_line = statement.end_lineno or statement.lineno
        start = self._line_starts[end_line]
        text = self._block(self.indent(statement), lines)
        if start and not self.text[:start].endswith(("\n", "\r")):
            text = self.newline + text
        return Splice(start, start, text)

    def replace_lines(self, first: ast.stmt, last: ast.stmt, lines: Iterable[str]) -> Splice:
        """All lines from `first` to `last` anew, at the indentation of `first`."""
        start = self._line_starts[first.lineno - 1]
        end = self._line_starts[last.end_lineno or last.lineno]
        return Splice(start, end, self._block(self.indent(first), lines))

    def lines_of(self, first: ast.stmt, last: ast.stmt | None = None) -> list[str]:
        """The text of whole statements as lines, the indentation of the first taken off."""
        last = last or first
        indent = self.indent(first)
        lines = self._lines[first.lineno - 1 : last.end_lineno]
        return [line.rstrip("\r\n").removeprefix(indent) for line in lines]

    def _block(self, indent: str, lines: Iterable[str]) -> str:
        return "".join((indent + line if line.strip() else line) + self.newline for line in lines)

    def apply(self, splices: Iterable[Splice]) -> str:
        """The text after all splices, which must not overlap."""
        text = self.text
        for splice in sorted(splices, reverse=True):
            text = text[: splice.start] + splice.text + text[splice.end :]
        return text


def walk_function(function: Function) -> Iterator[ast.AST]:
    """The nodes of the function's own body, without those of functions and classes nested in it."""
    pending: list[ast.AST] = list(function.body)
    while pending:
        node = pending.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            pending.extend(ast.iter_child_nodes(node))


def exits(body: list[ast.stmt]) -> bool:
    """Whether the block always leaves where it stands: return, raise, continue or break."""
    return bool(body) and isinstance(body[-1], ast.Return | ast.Raise | ast.Continue | ast.Break)
