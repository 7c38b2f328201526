"""Source files as text and tree at once: positions, functions, and splicing that keeps everything else."""

from __future__ import annotations

import ast
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from tasks.patches import read_source

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Edit:
    """Replaces the characters `start` to `end` of a file."""

    start: int
    end: int
    text: str


def splice(text: str, edits: tuple[Edit, ...], base: int = 0) -> str:
    """`text`, whose first character stands at offset `base` of its file, with the edits made."""
    for edit in sorted(edits, key=lambda e: (e.start, e.end), reverse=True):
        text = text[: edit.start - base] + edit.text + text[edit.end - base :]
    return text


@dataclass(frozen=True)
class Unit:
    """A function that can be swapped as a whole: at module level or in a class, not inside another function."""

    path: str
    qualname: str
    node: FunctionNode
    openings: tuple[str, ...]
    """The blocks that it stands in, outermost first, as headers that nest: `class C:`, `if 1:`."""

    @property
    def line(self) -> int:
        return min([self.node.lineno, *(d.lineno for d in self.node.decorator_list)])

    @property
    def key(self) -> str:
        return f"{self.path}:{self.line}"

    @property
    def classes(self) -> list[str]:
        return [opening[len("class ") : -1] for opening in self.openings if opening.startswith("class ")]


@dataclass
class SourceFile:
    path: str
    text: str
    tree: ast.Module
    encoding: str = "utf-8"
    _starts: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._lines = list(io.StringIO(self.text, newline=""))
        position = 0
        for line in self._lines:
            self._starts.append(position)
            position += len(line)
        self._starts.append(position)

    def offset(self, line: int, column: int) -> int:
        """Character offset of a line (from 1) and a column in UTF-8 bytes, as `ast` counts."""
        start = self._starts[line - 1]
        content = self._lines[line - 1]
        if content.isascii():
            return start + column
        return start + len(content.encode()[:column].decode("utf-8", "ignore"))

    def line_start(self, line: int) -> int:
        return self._starts[min(line, len(self._starts)) - 1]

    def line_text(self, line: int) -> str:
        return self._lines[line - 1] if line <= len(self._lines) else ""

    def span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        assert node.end_lineno is not None and node.end_col_offset is not None
        return self.offset(node.lineno, node.col_offset), self.offset(node.end_lineno, node.end_col_offset)

    def source(self, node: ast.expr | ast.stmt) -> str:
        start, end = self.span(node)
        return self.text[start:end]

    @cached_property
    def parents(self) -> dict[ast.AST, ast.AST]:
        return {child: node for node in ast.walk(self.tree) for child in ast.iter_child_nodes(node)}

    @cached_property
    def nodes(self) -> list[ast.AST]:
        return list(ast.walk(self.tree))

    @cached_property
    def strings(self) -> list[str]:
        """Text constants, each once, in the order of the file's tree."""
        found = [n.value for n in self.nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)]
        return list(dict.fromkeys(found))

    @cached_property
    def attribute_names(self) -> list[str]:
        return list(dict.fromkeys(n.attr for n in self.nodes if isinstance(n, ast.Attribute)))

    @cached_property
    def calls(self) -> dict[str, list[ast.Call]]:
        """Calls by the text of what they call."""
        found: dict[str, list[ast.Call]] = {}
        for node in self.nodes:
            if isinstance(node, ast.Call):
                found.setdefault(self.source(node.func), []).append(node)
        return found

    @cached_property
    def units(self) -> list[Unit]:
        return list(_units(self.path, self.tree.body, (), ()))

    @cached_property
    def future_annotations(self) -> bool:
        imports = [n for n in self.tree.body if isinstance(n, ast.ImportFrom) and n.module == "__future__"]
        return any(alias.name == "annotations" for n in imports for alias in n.names)

    def unit_span(self, unit: Unit) -> tuple[int, int]:
        """From the start of the line of `def` to the end of the function."""
        return self.line_start(unit.node.lineno), self.span(unit.node)[1]


def _units(path: str, body: list[ast.stmt], names: tuple[str, ...], openings: tuple[str, ...]) -> Iterator[Unit]:
    for node in body:
        if isinstance(node, FunctionNode):
            yield Unit(path, ".".join((*names, node.name)), node, openings)
        elif isinstance(node, ast.ClassDef):
            yield from _units(path, node.body, (*names, node.name), (*openings, f"class {node.name}:"))
        elif isinstance(node, ast.If | ast.Try | ast.With):
            for block in _blocks(node):
                yield from _units(path, block, names, (*openings, "if 1:"))


def _blocks(node: ast.If | ast.Try | ast.With) -> Iterator[list[ast.stmt]]:
    yield node.body
    if isinstance(node, ast.If | ast.Try):
        yield node.orelse
    if isinstance(node, ast.Try):
        yield node.finalbody
        for handler in node.handlers:
            yield handler.body


def load(root: Path, path: str) -> SourceFile | None:
    """The file below `root`; None when it is missing or no Python that this interpreter reads."""
    try:
        text, encoding = read_source(root / path)
        return SourceFile(path, text, ast.parse(text), encoding)
    except (OSError, SyntaxError, ValueError, RecursionError):
        return None
