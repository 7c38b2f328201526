"""A throw-away copy of a repository to run tests in; the repository itself is only ever read."""

from __future__ import annotations

import fcntl
import logging
import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tasks.errors import RepositoryError
from tasks.sandbox.checkout import copy_commit, copy_working_tree, record_as_commit

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Workspace:
    path: Path
    """The copy: a git repository with one commit, whatever the original is."""
    notes: tuple[str, ...] = ()
    """What was left out and why, for a person."""


@contextmanager
def open_workspace(root: Path, *, commit: str | None = None) -> Iterator[Workspace]:
    """A copy of `root` as it is on disk, uncommitted changes included, or as it was at `commit`; gone on exit.

    Ignored files are left out, but for what tests cannot do without: built extension modules, generated modules
    beside tracked ones, and package metadata. Raises RepositoryError when `root` or `commit` cannot be read.
    """
    if not root.is_dir():
        raise RepositoryError(f"no folder {str(root)!r}; name the repository's root")
    _sweep()
    with _reserved_folder() as folder:
        # Tests may look at the name of the folder that they run in.
        target = folder / root.resolve().name
        target.mkdir()
        notes = copy_working_tree(root, target) if commit is None else copy_commit(root, commit, target)
        for note in notes:
            logger.info("workspace of %s: %s", root, note)
        record_as_commit(target)
        yield Workspace(target, tuple(notes))


@contextmanager
def _reserved_folder() -> Iterator[Path]:
    """A new folder beside a locked file; the lock tells a later sweep that its owner lives."""
    place = _place()
    folder = place / uuid.uuid4().hex
    lock = _lock(folder.with_suffix(".lock"))
    try:
        folder.mkdir()
        yield folder
    finally:
        _remove(folder)
        folder.with_suffix(".lock").unlink(missing_ok=True)
        os.close(lock)


def _place() -> Path:
    """The folder of this user's workspaces; it must be theirs alone, since tests' code is put there."""
    place = Path(tempfile.gettempdir()).resolve() / f"mendflow-workspaces-{os.getuid()}"
    place.mkdir(mode=0o700, exist_ok=True)
    status = place.lstat()
    if place.is_symlink() or status.st_uid != os.getuid() or status.st_mode & 0o022:
        raise RepositoryError(f"{str(place)!r} belongs to someone else; remove it or set TMPDIR")
    return place


def _lock(path: Path) -> int:
    handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, 0o600)
    fcntl.flock(handle, fcntl.LOCK_EX)
    if not path.exists():
        os.close(handle)
        return _lock(path)
    return handle


def _sweep() -> None:
    """Remove what killed runs left behind."""
    for path in _place().glob("*.lock"):
        with suppress(OSError):
            handle = os.open(path, os.O_RDWR | os.O_CLOEXEC)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                _remove(path.with_suffix(""))
                path.unlink(missing_ok=True)
            finally:
                os.close(handle)


def _remove(folder: Path) -> None:
    """Also where a test made a folder unwritable."""
    try:
        shutil.rmtree(folder)
    except FileNotFoundError:
        return
    except OSError:
        for path, _, _ in os.walk(folder):
            Path(path).chmod(0o700)
        shutil.rmtree(folder, ignore_errors=True)
