"""Which functions of the repository a test may run, as far as names tell without running it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from tasks.context.modules import ModuleIndex
from tasks.context.outline import FunctionSpan, Outline, Sources
from tasks.models import RepositoryContext

Place = tuple[str, str]
"""A file and the qualified name of a function in it."""

_DECAY = 0.5
"""Of what a test says of a function, for each call between the two."""
_DEEPEST = 3
_MOST_PLACES = 200


class Reach:
    """Follows names from tests into the source files that they import; remembers what it read."""

    def __init__(self, repository: RepositoryContext, sources: Sources) -> None:
        self._sources = sources
        self._modules = ModuleIndex(repository.source_files)
        self._tests = ModuleIndex(repository.test_files)
        self._known = frozenset((*repository.source_files, *repository.test_files))
        self._imports: dict[str, frozenset[str]] = {}

    def of_test(self, test: str) -> dict[Place, float]:
        """The functions that a test may run: 1 for those that it names itself, less the more calls lie between."""
        path, name = self.place_of(test)
        outline = self._sources.outline(path)
        if outline is None:
            return {}
        spans = outline.functions_named(name) if name else ()
        used = _used_with_helpers(outline, spans[0].node if spans else outline.tree)
        found: dict[Place, float] = {}
        self._follow(used, self.imports(path), 1.0, found)
        return found

    def place_of(self, test: str) -> tuple[str, str]:
        """The file of a test and its name in there, from pytest's node ids and unittest's dotted names.

        Both are empty when no file of the repository is meant.
        """
        if "::" in test or test.endswith(".py"):
            path, _, name = test.partition("::")
            if path not in self._known:  # a runner's output is a stranger's word: it opens no file outside
                return "", ""
            return path, name.partition("[")[0].replace("::", ".")
        dotted = test.partition("(")[2].rstrip(")") or test
        names = dotted.split(".")
        for cut in range(len(names) - 1, 0, -1):
            files = self._tests.files_of(".".join(names[:cut]))
            if files:
                method = test.partition(" ")[0] if "(" in test else names[-1]
                return min(files), ".".join(dict.fromkeys([*names[cut:], method]))
        return "", ""

    def imports(self, path: str) -> frozenset[str]:
        """The source files that the file imports."""
        if path not in self._imports:
            outline = self._sources.outline(path)
            self._imports[path] = frozenset(self._modules.imported_by(path, outline.tree) if outline else ())
        return self._imports[path]

    def _follow(self, used: frozenset[str], files: frozenset[str], share: float, found: dict[Place, float]) -> None:
        reached = [span for path in sorted(files) for span in self._named(path, used)]
        fresh = [(path, span) for path, span in reached if found.get((path, span.name), 0.0) < share]
        found.update({(path, span.name): share for path, span in fresh})
        if share <= _DECAY**_DEEPEST or len(found) > _MOST_PLACES:
            return
        for path, span in fresh:
            self._follow(_used(span.node), self.imports(path) | {path}, share * _DECAY, found)

    def _named(self, path: str, used: frozenset[str]) -> Iterator[tuple[str, FunctionSpan]]:
        outline = self._sources.outline(path)
        for span in outline.functions if outline else ():
            owner, _, name = span.name.rpartition(".")
            if name in used or (name == "__init__" and owner in used):
                yield path, span


def _used_with_helpers(outline: Outline, tree: ast.AST) -> frozenset[str]:
    """Names in a test, and in the fixtures and helpers of its file that it names."""
    used = _used(tree)
    helpers: Sequence[FunctionSpan] = [span for span in outline.functions if span.name.rpartition(".")[2] in used]
    return used.union(*(_used(span.node) for span in helpers if span.node is not tree))


def _used(tree: ast.AST) -> frozenset[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            names.add(node.id)
        elif isinstance(node, ast.Attribute):
            names.add(node.attr)
        elif isinstance(node, ast.arg):  # how pytest hands a fixture to a test
            names.add(node.arg)
    return frozenset(names)
