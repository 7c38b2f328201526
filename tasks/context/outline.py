"""The functions of a Python file and where they lie."""

from __future__ import annotations

import ast
import tokenize
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from tasks.patches import read_source

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef

_LARGEST_BYTES = 1024**2
"""Larger Python files are generated; parsing them costs seconds."""


@dataclass(frozen=True)
class FunctionSpan:
    name: str
    """Qualified inside the file: `Client.fetch`, `outer.inner`."""
    first_line: int
    """Of the first decorator, or of `def`."""
    last_line: int
    node: FunctionNode = field(repr=False, compare=False)


@dataclass(frozen=True)
class Outline:
    path: str
    tree: ast.Module = field(repr=False)
    lines: tuple[str, ...] = field(repr=False)

    @cached_property
    def functions(self) -> tuple[FunctionSpan, ...]:
        """In the order of their first lines, outer before inner."""
        return tuple(_functions(self.tree, ""))

    def function_at(self, line: int) -> FunctionSpan | None:
        """The innermost function that holds the line, its decorators included."""
        holding = [span for span in self.functions if span.first_line <= line <= span.last_line]
        return min(holding, key=lambda span: span.last_line - span.first_line, default=None)

    def functions_named(self, name: str) -> tuple[FunctionSpan, ...]:
        """Functions whose qualified name is, or ends with, the given one; `<locals>` in it is skipped."""
        wanted = name.replace("<locals>.", "")
        return tuple(s for s in self.functions if s.name == wanted or s.name.endswith(f".{wanted}"))

    def text(self, line: int) -> str:
        """The line, stripped; empty outside the file."""
        return self.lines[line - 1].strip() if 0 < line <= len(self.lines) else ""


def _functions(node: ast.AST, prefix: str) -> Iterator[FunctionSpan]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            name = f"{prefix}{child.name}"
            if not isinstance(child, ast.ClassDef):
                first = min([child.lineno, *(item.lineno for item in child.decorator_list)])
                yield FunctionSpan(name, first, child.end_lineno or child.lineno, child)
            yield from _functions(child, f"{name}.")
        elif isinstance(child, ast.stmt | ast.excepthandler | ast.match_case):
            yield from _functions(child, prefix)


class Sources:
    """Files of one repository, each read and parsed at most once."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._outlines: dict[str, Outline | None] = {}

    def outline(self, path: str) -> Outline | None:
        """None when the file is not Python, not readable, not parseable or too large."""
        if path not in self._outlines:
            self._outlines[path] = self._parse(path) if path.endswith(".py") else None
        return self._outlines[path]

    def text(self, path: str) -> str:
        """The file's text, broken bytes replaced; empty when it cannot be read or is too large."""
        target = self.root / path
        try:
            return "" if target.stat().st_size > _LARGEST_BYTES else target.read_text("utf-8", "replace")
        except OSError:
            return ""

    def _parse(self, path: str) -> Outline | None:
        target = self.root / path
        try:
            if target.stat().st_size > _LARGEST_BYTES:
                return None
            text, _ = read_source(target)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                tree = ast.parse(text)
        except (OSError, SyntaxError, ValueError, tokenize.TokenError, RecursionError, MemoryError):
            return None
        return Outline(path, tree, tuple(text.splitlines()))
