"""Copying a repository's files without touching the repository."""

# ruff: noqa: PTH101, PTH103, PTH110, PTH114, PTH115, PTH117, PTH120, PTH123, PTH211  # pathlib doubles the time of a copy

from __future__ import annotations

import fcntl
import os
import shutil
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from tasks.errors import RepositoryError
from tasks.sandbox.git import git, is_git_repository

_NEVER_COPIED = frozenset({".git", "__pycache__", "node_modules", ".tox", ".nox", ".mypy_cache", ".ruff_cache"})
_IGNORED_BUT_NEEDED = (".py", ".so", ".pyd")
_FICLONE = 0x40049409
_AUTHOR = ("-c", "user.name=mendflow", "-c", "user.email=mendflow@localhost", "-c", "commit.gpgSign=false")
_QUICK = (
    # Every file counts as big, so git streams them all into one pack instead of writing thousands of object files.
    *("-c", "core.bigFileThreshold=1", "-c", "core.compression=0", "-c", "pack.compression=0"),
    *("-c", "gc.auto=0", "-c", "core.autocrlf=false", "-c", "core.fsync=none"),
)


def copy_working_tree(root: Path, target: Path) -> list[str]:
    """Copy the files as they are on disk; returns notes on what was left out."""
    paths = _listed_by_git(root) if is_git_repository(root) else _walked(root)
    copier = _Copier(root.resolve(), target)
    for path in paths:
        copier.copy(path)
    return copier.finish()


def copy_commit(root: Path, commit: str, target: Path) -> list[str]:
    """Write the files of `commit`, read object by object, so that no filter of the repository runs."""
    resolved = (
        git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{commit}^{{commit}}").decode().strip()
    )
    entries = [_tree_entry(line) for line in git(root, "ls-tree", "-r", "-z", resolved).split(b"\0") if line]
    blobs = [entry for entry in entries if entry[1] == "blob"]
    names = "".join(f"{identifier}\n" for _, _, identifier, _ in blobs).encode()
    contents = _contents(git(root, "cat-file", "--batch", stdin=names))
    for (mode, _, _, path), content in zip(blobs, contents, strict=True):
        place = target / path
        place.parent.mkdir(parents=True, exist_ok=True)
        if mode == "120000":
            place.symlink_to(os.fsdecode(content))
        else:
            place.write_bytes(content)
            place.chmod(0o755 if mode == "100755" else 0o644)
    links = [path for mode, _, _, path in blobs if mode == "120000"]
    notes = _drop_escaping_links(target, links)
    return notes + [f"submodule {path} left out" for _, kind, _, path in entries if kind == "commit"]


def record_as_commit(target: Path) -> None:
    """Make the copy a git repository with one commit, for tests that ask git about their files."""
    git(target, "init", "--quiet", "--template=", "--initial-branch=main")
    git(target, *_QUICK, "add", "--all", "--force")
    git(target, *_AUTHOR, *_QUICK, "commit", "--quiet", "--allow-empty", "--no-verify", "--message=Workspace")


class _Copier:
    """Copies regular files and links; a clone of the data where the file system can share it."""

    def __init__(self, root: Path, target: Path) -> None:
        self._root = root
        self._target = target
        self._can_clone = True
        self._folders: set[str] = set()
        self._links: list[str] = []
        self._notes: list[str] = []

    def copy(self, path: str) -> None:
        source, place = f"{self._root}/{path}", f"{self._target}/{path}"
        try:
            status = os.lstat(source)
        except OSError:
            return  # tracked, but deleted in the working tree
        folder = os.path.dirname(place)
        if folder not in self._folders:
            os.makedirs(folder, exist_ok=True)
            self._folders.add(folder)
        if stat.S_ISLNK(status.st_mode):
            self._link(source, place, path)
        elif stat.S_ISREG(status.st_mode):
            self._file(source, place, status, path)

    def finish(self) -> list[str]:
        return self._notes + _drop_escaping_links(self._target, self._links)

    def _link(self, source: str, place: str, path: str) -> None:
        goal = os.readlink(source)
        if os.path.isabs(goal) and Path(goal).is_relative_to(self._root):
            goal = os.path.relpath(goal, os.path.dirname(source))
        os.symlink(goal, place)
        self._links.append(path)

    def _file(self, source: str, place: str, status: os.stat_result, path: str) -> None:
        try:
            if not (self._can_clone and self._clone(source, place)):
                shutil.copyfile(source, place, follow_symlinks=False)
        except PermissionError:
            self._notes.append(f"{path} left out: it cannot be read")
            return
        # The owner may always write: a patch must be able to change a file that is checked out read-only.
        os.chmod(place, stat.S_IMODE(status.st_mode) & 0o777 | stat.S_IRUSR | stat.S_IWUSR)

    def _clone(self, source: str, place: str) -> bool:
        with open(source, "rb") as original, open(place, "wb") as copy:
            try:
                fcntl.ioctl(copy, _FICLONE, original.fileno())
            except OSError:
                self._can_clone = False
        return self._can_clone


def _drop_escaping_links(target: Path, links: Iterable[str]) -> list[str]:
    """Remove links that lead out of the copy; done last, when what they pass through is there."""
    inside = os.path.realpath(target)
    notes = []
    for path in links:
        goal = os.path.realpath(target / path)
        if goal != inside and not goal.startswith(inside + os.sep):
            (target / path).unlink()
            notes.append(f"link {path} left out: it leads out of the repository")
    return notes


def _listed_by_git(root: Path) -> Iterator[str]:
    """Tracked, new and needed ignored files below `root`; nested repositories by their own lists."""
    listed = _split(git(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"))
    folders = {os.path.dirname(path) for path in listed}
    for path in [*listed, *_needed_although_ignored(root, folders)]:
        place = root / path
        if place.is_symlink() or not place.is_dir():
            yield path
        elif (place / ".git").exists():
            yield from (f"{path.rstrip('/')}/{inner}" for inner in _listed_by_git(place))


def _needed_although_ignored(root: Path, folders: set[str]) -> Iterator[str]:
    """Generated and built modules beside tracked files, and metadata that importlib reads versions from."""
    ignored = git(root, "ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--directory")
    for path in _split(ignored):
        if path.endswith(".egg-info/"):
            yield from (path + inner for inner in _walked(root / path))
        elif path.endswith(_IGNORED_BUT_NEEDED) and os.path.dirname(path) in folders:
            yield path


def _walked(root: Path) -> Iterator[str]:
    """Files of a plain folder, without caches and virtual environments."""
    for folder, names, files in os.walk(root):
        links = [name for name in names if os.path.islink(f"{folder}/{name}")]
        names[:] = sorted(name for name in names if name not in links and not _is_left_out(folder, name))
        for name in sorted([*files, *links]):
            yield os.path.relpath(f"{folder}/{name}", root)


def _is_left_out(folder: str, name: str) -> bool:
    return name in _NEVER_COPIED or os.path.exists(f"{folder}/{name}/pyvenv.cfg")


def _split(listing: bytes) -> list[str]:
    return [os.fsdecode(path) for path in listing.split(b"\0") if path]


def _tree_entry(line: bytes) -> tuple[str, str, str, str]:
    """Mode, kind, object id and path of one line of `git ls-tree -z`."""
    head, _, path = line.partition(b"\t")
    mode, kind, identifier = head.decode().split()
    return mode, kind, identifier, os.fsdecode(path)


def _contents(batch: bytes) -> Iterator[bytes]:
    """The objects of one `git cat-file --batch`, in order."""
    at = 0
    while at < len(batch):
        line_end = batch.index(b"\n", at)
        fields = batch[at:line_end].split()
        if len(fields) != 3:
            raise RepositoryError(f"object {fields[0].decode()} is not in this clone; fetch the full history first")
        size = int(fields[2])
        yield batch[line_end + 1 : line_end + 1 + size]
        at = line_end + size + 2
