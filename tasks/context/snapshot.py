"""What state a repository is in, as a key for everything derived from its contents."""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from tasks.context.git import GitRepository
from tasks.context.listing import Listing, list_files
from tasks.errors import RepositoryError

_WHOLE_FILE_BYTES = 4 * 1024**2
"""Larger files enter a hash by size and time of change: they are data, and reading them would cost seconds."""


@dataclass(frozen=True)
class Snapshot:
    root: Path
    git: GitRepository | None
    content_hash: str
    commit: str | None = None
    branch: str | None = None
    is_shallow: bool = False
    changed: tuple[str, ...] = ()
    """Paths that differ from HEAD, untracked ones included."""
    listing: Listing | None = None
    """Made already when the hash needed it."""

    @property
    def key(self) -> str:
        """Equal for equal contents at the same point of history."""
        return hashlib.sha256(f"{self.content_hash}:{self.commit}:{self.branch}:{self.is_shallow}".encode()).hexdigest()

    def files(self) -> Listing:
        return self.listing or list_files(self.root, self.git)


def take_snapshot(root: Path) -> Snapshot:
    """The state of the repository at `root`; raises RepositoryError when there is none to read."""
    root = _readable_folder(root)
    if not GitRepository.is_at(root):
        listing = list_files(root, None)
        return Snapshot(root, None, _hash_files(root, listing.files).hexdigest(), listing=listing)
    git = GitRepository(root)
    changed = _changed_paths(git)
    digest = _hash_files(root, changed)
    digest.update((git.line("rev-parse", "--verify", "--quiet", "HEAD^{tree}") or "").encode())
    return Snapshot(
        root=root,
        git=git,
        content_hash=digest.hexdigest(),
        commit=git.line("rev-parse", "--verify", "--quiet", "HEAD^{commit}"),
        branch=git.line("symbolic-ref", "--short", "--quiet", "HEAD"),
        is_shallow=git.line("rev-parse", "--is-shallow-repository") == "true",
        changed=changed,
    )


def _readable_folder(root: Path) -> Path:
    try:
        folder = root.expanduser().resolve(strict=True)
        if not folder.is_dir():
            raise RepositoryError(f"{str(root)!r} is a file; give the folder that holds the repository")
        next(folder.iterdir(), None)
    except FileNotFoundError:
        raise RepositoryError(f"no folder {str(root)!r}; give the path of a checked-out repository") from None
    except (OSError, RuntimeError, ValueError) as error:
        # RuntimeError: a loop of links, or `~` without a home; ValueError: a NUL in the path
        reason = getattr(error, "strerror", None) or str(error)
        raise RepositoryError(f"cannot read the repository {str(root)!r}: {reason}") from None
    if all((folder / name).exists() for name in ("HEAD", "objects", "refs")) and not (folder / ".git").exists():
        raise RepositoryError(f"{str(root)!r} is a bare git repository; clone it and give the clone")
    return folder


def _changed_paths(git: GitRepository) -> tuple[str, ...]:
    options = ("--porcelain=v1", "-z", "--untracked-files=all", "--ignore-submodules=all", "--no-renames")
    entries = (git.read("status", *options) or b"").split(b"\0")
    return tuple(sorted(os.fsdecode(entry[3:]) for entry in entries if len(entry) > 3))


def _hash_files(root: Path, paths: tuple[str, ...]) -> hashlib._Hash:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(os.fsencode(path) + b"\0" + _fingerprint(root / path) + b"\0")
    return digest


def _fingerprint(path: Path) -> bytes:
    try:
        status = path.lstat()
        if not stat.S_ISREG(status.st_mode):
            return b"not a file"
        if status.st_size > _WHOLE_FILE_BYTES:
            return f"{status.st_size}:{status.st_mtime_ns}".encode()
        return hashlib.sha256(path.read_bytes()).digest()
    except OSError:
        return b"unreadable"
