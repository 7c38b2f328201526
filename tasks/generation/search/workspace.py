"""A private copy of the checkout for each server, so that the workspace stays as it was found."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_LEFT_OUT = shutil.ignore_patterns(
    ".git", ".hg", ".venv", "venv", ".tox", ".nox", "node_modules", "__pycache__", ".mypy_cache", ".pytest_cache"
)


@contextmanager
def private_copy(workspace: Path) -> Iterator[Path]:
    """A copy without version control, environments and caches; gone at the end."""
    with tempfile.TemporaryDirectory(prefix="mendflow-search-", ignore_cleanup_errors=True) as folder:
        copy = Path(folder).resolve() / "repository"
        shutil.copytree(workspace, copy, symlinks=True, ignore=_LEFT_OUT)
        yield copy
