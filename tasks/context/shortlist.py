"""The few files worth parsing for what an incident names."""

from __future__ import annotations

import re
from pathlib import Path

from tasks.context.clues import Clues
from tasks.models import RepositoryContext

_MOST_FILES = 60
_LARGEST_BYTES = 1024**2
_PATH_WEIGHT = 3.0
"""A word in a file's own path says more than one in its text."""


def shortlist(clues: Clues, repository: RepositoryContext) -> tuple[str, ...]:
    """Source files that hold a needle of the incident, those with the weightiest ones first.

    One pass over the bytes of each file: parsing thousands of files would take seconds, this takes milliseconds.
    """
    weights = dict(clues.needles)
    if not weights:
        return ()
    pattern = re.compile(b"|".join(re.escape(needle) for needle in sorted(weights, key=len, reverse=True)))
    scores = {path: _score(repository.root, path, pattern, weights) for path in repository.source_files}
    found = sorted((path for path, score in scores.items() if score), key=lambda path: (-scores[path], path))
    return tuple(found[:_MOST_FILES])


def _score(root: Path, path: str, pattern: re.Pattern[bytes], weights: dict[bytes, float]) -> float:
    in_path = sum(weights[needle] for needle in set(pattern.findall(path.lower().encode("utf-8", "replace"))))
    target = root / path
    try:
        text = b"" if target.stat().st_size > _LARGEST_BYTES else target.read_bytes().lower()
    except OSError:
        text = b""
    return _PATH_WEIGHT * in_path + sum(weights[needle] for needle in set(pattern.findall(text)))
