"""What failing tests say: the code that they import and name is what they hold to account."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from tasks.context.outline import Outline, Sources
from tasks.context.scoreboard import Point
from tasks.models import RepositoryContext

_FILE_POINTS = 3.0
_FUNCTION_POINTS = 5.0
_MOST_TESTS = 20


def failing_test_points(failing: Sequence[str], repository: RepositoryContext, sources: Sources) -> Iterator[Point]:
    """Points for the modules that the tests' files import, and for the functions that the tests themselves name."""
    for test in failing[:_MOST_TESTS]:
        path, _, name = test.partition("::")
        outline = sources.outline(path)
        if outline is not None:
            yield from _points_of(test, outline, name.partition("[")[0].replace("::", "."), repository, sources)


def _points_of(
    test: str, outline: Outline, name: str, repository: RepositoryContext, sources: Sources
) -> Iterator[Point]:
    spans = outline.functions_named(name) if name else ()
    used = _names(spans[0].node if spans else outline.tree)
    imported = _imported_files(outline.tree, repository.source_files)
    for path in sorted(imported):
        own = sources.outline(path)
        named = [span for span in own.functions if span.name.rpartition(".")[2] in used] if own else []
        yield Point(path, _FILE_POINTS / len(imported), "test", f"{test} fails and its file imports this one")
        for span in named:
            yield Point(path, _FUNCTION_POINTS / len(named), "test", f"{test} fails and names it", span.name, None)


def _names(tree: ast.AST) -> frozenset[str]:
    nodes = list(ast.walk(tree))
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    return frozenset(names | {node.attr for node in nodes if isinstance(node, ast.Attribute)})


def _imported_files(tree: ast.Module, source_files: Sequence[str]) -> set[str]:
    modules: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            modules |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    ends = {f"/{module.replace('.', '/')}{tail}" for module in modules for tail in (".py", "/__init__.py")}
    return {path for path in source_files if any(f"/{path}".endswith(end) for end in ends)}
