"""The repository's own Python files, parsed when they are first asked for."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tasks.generation.crash.source import Function, SourceFile
from tasks.patches import read_source

MAX_FILES = 400
MAX_CHARACTERS = 400_000


class Project:
    def __init__(self, root: Path, source_files: tuple[str, ...], test_files: tuple[str, ...]) -> None:
        tests = set(test_files)
        self.root = root
        self.paths = tuple(path for path in source_files if path.endswith(".py") and path not in tests)
        self.test_paths = tuple(path for path in test_files if path.endswith(".py"))
        self._parsed: dict[str, SourceFile | None] = {}

    def file(self, path: str) -> SourceFile | None:
        """The file at `path`; None when it is missing, too large or does not parse."""
        if path not in self._parsed:
            self._parsed[path] = self._parse(path)
        return self._parsed[path]

    def _parse(self, path: str) -> SourceFile | None:
        try:
            text, _ = read_source(self.root / path)
            return SourceFile(path, text) if len(text) <= MAX_CHARACTERS else None
        except (OSError, SyntaxError, UnicodeDecodeError, ValueError, RecursionError):
            return None

    def files(self) -> Iterator[SourceFile]:
        """The source files, tests left out; at most `MAX_FILES`."""
        for path in self.paths[:MAX_FILES]:
            if (source := self.file(path)) is not None:
                yield source

    def calls_of(self, name: str) -> Iterator[tuple[SourceFile, ast.Call]]:
        """Calls of any function or method with that bare name."""
        for source in self.files():
            if name not in source.text:
                continue
            for node in ast.walk(source.tree):
                if isinstance(node, ast.Call) and called_name(node) == name:
                    yield source, node

    def functions_named(self, name: str) -> Iterator[tuple[SourceFile, Function]]:
        for source in self.files():
            for function in source.functions:
                if function.name == name:
                    yield source, function

    def classes(self) -> Iterator[tuple[SourceFile, ast.ClassDef]]:
        for source in self.files():
            for node in ast.walk(source.tree):
                if isinstance(node, ast.ClassDef):
                    yield source, node


def called_name(call: ast.Call) -> str:
    """The last part of what is called: `get` for `store.get(...)`; empty when it has no name."""
    if isinstance(call.func, ast.Name):
        return call.func.id
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""


def module_of(path: str) -> str:
    """The dotted name by which the file at `path` is imported; a leading `src` folder is left out."""
    parts = path.removesuffix(".py").split("/")
    if parts[0] == "src" and len(parts) > 1:
        parts = parts[1:]
    if parts[-1] == "__init__":
        parts = parts[:-1]
    return ".".join(parts)
