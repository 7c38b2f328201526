"""The few files worth parsing for what an incident names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from tasks.context.clues import ClueKind, Clues
from tasks.models import RepositoryContext

_MOST_FILES = 60
_LARGEST_BYTES = 1024**2
_PATH_WEIGHT = 3.0
"""A word in a file's own path says more than one in its text."""
_NAMED_WEIGHT = 100.0
"""A file that the incident names is always read."""


def shortlist(clues: Clues, repository: RepositoryContext) -> tuple[str, ...]:
    """Source files that the incident names or that hold a needle of it, the weightiest first.

    One pass over the bytes of each file: parsing thousands of files would take seconds, this takes milliseconds.
    """
    named = dict.fromkeys(_named_files(clues, repository.source_files), _NAMED_WEIGHT)
    weights = dict(clues.needles)
    scores = {path: named.get(path, 0.0) + _score(repository.root, path, weights) for path in repository.source_files}
    found = sorted((path for path, score in scores.items() if score), key=lambda path: (-scores[path], path))
    return tuple(found[:_MOST_FILES])


def _named_files(clues: Clues, paths: Iterable[str]) -> Iterator[str]:
    """Files that a path, a file name or the start of a dotted name in the incident means."""
    files = tuple(f"/{clue.text.lstrip('./')}" for clue in clues.named if clue.kind is ClueKind.FILE)
    modules = tuple(f"/{clue.text.replace('.', '/')}/" for clue in clues.named if clue.kind is ClueKind.MODULE)
    for path in paths if files or modules else ():
        rooted = f"/{path}"
        module = f"{rooted.removesuffix('.py').removesuffix('/__init__').removeprefix('/src')}/"
        holds = any(name.endswith(rooted) for name in files) or any(name.startswith(module) for name in modules)
        if holds or rooted.endswith(files) or module.endswith(modules):
            yield path


def _score(root: Path, path: str, weights: Mapping[bytes, float]) -> float:
    if not weights:
        return 0.0
    in_path = _worth(path.lower().encode("utf-8", "replace"), weights)
    return _PATH_WEIGHT * in_path + _worth(_content(root, path), weights)


def _content(root: Path, path: str) -> bytes:
    """Lower case; empty for a file that is too large to be written by hand, or cannot be read."""
    try:
        with open(f"{root}/{path}", "rb") as file:  # noqa: PTH123 (a Path for each of tens of thousands is slow)
            content = file.read(_LARGEST_BYTES + 1)
    except OSError:
        return b""
    return content.lower() if len(content) <= _LARGEST_BYTES else b""


def _worth(text: bytes, weights: Mapping[bytes, float]) -> float:
    # One search a needle beats one regular expression of all of them several times over.
    return sum(weight for needle, weight in weights.items() if needle in text)
