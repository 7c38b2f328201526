"""The files of a repository: what git knows, or a walk that heeds `.gitignore`."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import pathspec

from tasks.context.git import GitRepository

_SKIPPED_FOLDERS = frozenset({
    ".git", ".hg", ".svn", ".venv", "venv", "virtualenv", "site-packages", "node_modules", "bower_components",
    "__pycache__", ".tox", ".nox", ".eggs", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis", ".cache",
    ".idea", ".vscode",
})  # fmt: skip


@dataclass(frozen=True)
class Listing:
    files: tuple[str, ...]
    """Regular files, sorted; links are left out, since they may lead anywhere."""
    unnameable: int = 0
    """Files left out because their names are not UTF-8."""
    unreadable: int = 0
    """Folders that could not be listed."""


def list_files(root: Path, git: GitRepository | None) -> Listing:
    """Tracked and untracked files that are not ignored."""
    if git is not None:
        output = git.read("ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate")
        if output is not None:
            return _sorted_listing(root, (os.fsdecode(name) for name in output.split(b"\0") if name))
    walk = _Walk(root)
    found = _sorted_listing(root, walk.paths())
    return Listing(found.files, found.unnameable, walk.unreadable)


def _sorted_listing(root: Path, paths: Iterable[str]) -> Listing:
    kept: list[str] = []
    unnameable = 0
    for path in paths:
        if not _SKIPPED_FOLDERS.isdisjoint(path.split("/")[:-1]) or not _is_regular(root, path):
            continue
        if path.isascii() or _is_utf8(path):
            kept.append(path)
        else:
            unnameable += 1
    return Listing(tuple(sorted(kept)), unnameable)


def _is_regular(root: Path, path: str) -> bool:
    full = f"{root}/{path}"
    return os.path.isfile(full) and not os.path.islink(full)  # noqa: PTH113, PTH114 (tens of thousands of calls)


def _is_utf8(path: str) -> bool:
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


class _Walk:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.unreadable = 0
        self._ignores: dict[str, pathspec.GitIgnoreSpec] = {}

    def paths(self) -> Iterator[str]:
        for folder, folders, files in os.walk(self.root, onerror=self._count_unreadable):
            relative = os.path.relpath(folder, self.root).replace(os.sep, "/")
            prefix = "" if relative == "." else f"{relative}/"
            if ".gitignore" in files:
                self._read_ignores(prefix)
            folders[:] = sorted(name for name in folders if self._enters(prefix, name))
            yield from (prefix + name for name in files if not self._ignored(prefix + name))

    def _enters(self, prefix: str, name: str) -> bool:
        if name in _SKIPPED_FOLDERS or (self.root / prefix / name / "pyvenv.cfg").exists():
            return False
        return not self._ignored(f"{prefix}{name}/")

    def _ignored(self, path: str) -> bool:
        """The innermost `.gitignore` that says anything about the path decides."""
        if not self._ignores:
            return False
        for parent in PurePosixPath(path).parents:
            prefix = "" if str(parent) == "." else f"{parent}/"
            spec = self._ignores.get(prefix)
            verdict = spec.check_file(path[len(prefix) :]).include if spec else None
            if verdict is not None:
                return verdict
        return False

    def _read_ignores(self, prefix: str) -> None:
        try:
            text = (self.root / prefix / ".gitignore").read_text("utf-8", "replace")
            self._ignores[prefix] = pathspec.GitIgnoreSpec.from_lines(text.splitlines())
        except (OSError, ValueError):  # unreadable, or a pattern that git would not take either
            self.unreadable += 1

    def _count_unreadable(self, error: OSError) -> None:
        self.unreadable += 1
