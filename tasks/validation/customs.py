"""How a body of code is used to being written, counted rather than guessed."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path

from tasks.models import RepositoryContext
from tasks.patches import read_source
from tasks.validation.source import FunctionNode, Source

SAMPLE_FILES = 40
LARGEST_FILE_BYTES = 200_000

SNAKE = re.compile(r"_{0,2}[a-z0-9]+(_[a-z0-9]+)*_{0,2}$")
CAMEL = re.compile(r"_{0,2}[a-z][a-z0-9]*([A-Z][a-z0-9]*)+_{0,2}$")
_CAP_WORDS = re.compile(r"_{0,2}[A-Z][A-Za-z0-9]*$")
_GENERIC = frozenset({"Exception", "BaseException"})


@dataclass(frozen=True)
class Customs:
    """Counts over the code looked at."""

    snake_functions: int = 0
    camel_functions: int = 0
    cap_words_classes: int = 0
    other_classes: int = 0
    prints: int = 0
    log_calls: int = 0
    handlers: int = 0
    bare_handlers: int = 0
    specific_raises: int = 0
    generic_raises: int = 0
    imports: int = 0
    star_imports: int = 0
    functions: int = 0
    annotated_functions: int = 0

    def __add__(self, other: Customs) -> Customs:
        return Customs(*(getattr(self, item.name) + getattr(other, item.name) for item in fields(Customs)))


def mine(sources: Iterable[Source]) -> Customs:
    """The customs of some files together; tests are not asked, as theirs differ."""
    total = Customs()
    for source in sources:
        if source.tree is not None and not source.is_test:
            total += _count(source)
    return total


def mine_repository(repository: RepositoryContext) -> Customs:
    """The customs of a sample of the repository's source files; remembered while its content is the same."""
    return _mine_files(repository.root, repository.source_files, repository.content_hash)


@lru_cache(maxsize=8)
def _mine_files(root: Path, paths: tuple[str, ...], content_hash: str) -> Customs:
    code = [path for path in paths if path.endswith(".py")]
    step = max(1, len(code) // SAMPLE_FILES)
    return mine(source for path in code[::step][:SAMPLE_FILES] if (source := _read(root, path)) is not None)


def _read(root: Path, path: str) -> Source | None:
    place = root / path
    try:
        if place.stat().st_size > LARGEST_FILE_BYTES:
            return None
        return Source(path, read_source(place)[0])
    except (OSError, UnicodeDecodeError, SyntaxError):
        return None


def _count(source: Source) -> Customs:
    names = [node.name for node in source.functions.values()]
    classes = [node.name for node in source.nodes if isinstance(node, ast.ClassDef)]
    handlers = [node for node in source.nodes if isinstance(node, ast.ExceptHandler)]
    raised = [raised_name(node) for node in source.nodes if isinstance(node, ast.Raise) and node.exc is not None]
    imports = [node for node in source.nodes if isinstance(node, ast.ImportFrom)]
    calls = [source.qualified(call.func) for call in source.calls]
    return Customs(
        snake_functions=sum(1 for name in names if SNAKE.match(name)),
        camel_functions=sum(1 for name in names if CAMEL.match(name)),
        cap_words_classes=sum(1 for name in classes if _CAP_WORDS.match(name)),
        other_classes=sum(1 for name in classes if not _CAP_WORDS.match(name)),
        prints=calls.count("print"),
        log_calls=sum(1 for name in calls if is_log_call(name)),
        handlers=len(handlers),
        bare_handlers=sum(1 for handler in handlers if handler.type is None),
        specific_raises=sum(1 for name in raised if name and name not in _GENERIC),
        generic_raises=sum(1 for name in raised if name in _GENERIC),
        imports=len(imports),
        star_imports=sum(1 for node in imports if node.names[0].name == "*"),
        functions=len(names),
        annotated_functions=sum(1 for node in source.functions.values() if is_annotated(node)),
    )


def is_log_call(name: str) -> bool:
    return (
        re.search(r"(^|[._])(log|logger|logging)\.(debug|info|warning|warn|error|exception|critical)$", name, re.I)
        is not None
    )


def raised_name(node: ast.Raise) -> str:
    raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
    return raised.id if isinstance(raised, ast.Name) else ""


def is_annotated(node: FunctionNode) -> bool:
    given = [
        item
        for item in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
        if item.arg not in {"self", "cls"}
    ]
    return node.returns is not None or any(item.annotation is not None for item in given)
