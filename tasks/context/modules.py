"""Which files of a repository an import statement means."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator


class ModuleIndex:
    """Python files by the dotted names under which they can be imported, wherever the source root is."""

    def __init__(self, files: Iterable[str]) -> None:
        self._by_last_name: dict[str, list[tuple[str, str]]] = {}
        for path in files:
            if path.endswith(".py"):
                module = f"/{path.removesuffix('.py').removesuffix('/__init__')}"
                self._by_last_name.setdefault(module.rpartition("/")[2], []).append((module, path))

    def files_of(self, module: str) -> set[str]:
        """The files that the absolute dotted name may mean; several where two folders hold the same package."""
        tail = f"/{module.replace('.', '/')}"
        return {path for own, path in self._by_last_name.get(module.rpartition(".")[2], ()) if own.endswith(tail)}

    def imported_by(self, path: str, tree: ast.AST) -> set[str]:
        """The files that the import statements anywhere in `tree`, the contents of `path`, name."""
        found: set[str] = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                found.update(*(self.files_of(alias.name) for alias in node.names))
            elif isinstance(node, ast.ImportFrom):
                found |= self._imported_from(path, node)
        return found - {path}

    def _imported_from(self, path: str, node: ast.ImportFrom) -> set[str]:
        module = ".".join(_absolute(path, node))
        submodules = {name for alias in node.names for name in self.files_of(f"{module}.{alias.name}".strip("."))}
        own = self.files_of(module) if module else set()
        # `from shop import web` reaches through the package to a module: the package itself is not what is used.
        return submodules if len(submodules) >= len(node.names) else submodules | own


def _absolute(path: str, node: ast.ImportFrom) -> Iterator[str]:
    if node.level:
        yield from path.split("/")[: -node.level]
    if node.module:
        yield node.module
