"""The append-only record of what happened, and the only thing of the history that runs write.

Each process appends to segments of its own, so writers never wait for each other. A segment is locked by its writer
for as long as that lives; one that nobody locks will not grow any more, however its writer ended.
"""

from __future__ import annotations

import fcntl
import os
import sys
import threading
import weakref
from collections.abc import Sequence
from pathlib import Path

from analytics.events import HistoryEvent, encode
from analytics.ids import uuid7
from tasks.errors import HistoryError

MAX_SEGMENT_BYTES = 16 * 1024**2
SUFFIX = ".jsonl"

if sys.platform == "linux":
    _sync = os.fdatasync
else:
    _sync = os.fsync


def segment_folder(home: Path) -> Path:
    return home / "ledger"


class Ledger:
    """Appends events durably; one object may be shared by threads, and used on either side of a fork."""

    def __init__(self, home: Path, max_segment_bytes: int = MAX_SEGMENT_BYTES) -> None:
        self.home = home
        self._max_segment_bytes = max_segment_bytes
        self._lock = threading.Lock()
        self._fd: int | None = None
        self._size_bytes = 0
        _open_ledgers.add(self)

    def append(self, event: HistoryEvent) -> str:
        """The event's id, once it is on disk."""
        return self.append_all([event])[0]

    def append_all(self, events: Sequence[HistoryEvent]) -> list[str]:
        """Their ids, once they are on disk: one write and one sync for all of them.

        Raises HistoryError when the disk refuses. Then some may have been written; appending the same events again
        is safe, since the fold keeps one of each id.
        """
        data = b"".join(encode(event) for event in events)
        if not data:
            return []
        with self._lock:
            try:
                self._write(data)
            except OSError as error:
                self._seal()
                reason = (error.strerror or "cannot be written").lower()
                raise HistoryError(f"history ledger {str(segment_folder(self.home))!r}: {reason}") from error
        return [event.id for event in events]

    def rotate(self) -> None:
        """End the current segment; the next append starts another one."""
        with self._lock:
            self._seal()

    def _write(self, data: bytes) -> None:
        if self._fd is None:
            self._fd = _create_segment(segment_folder(self.home))
            self._size_bytes = 0
        written = os.write(self._fd, data)
        if written < len(data):
            raise OSError(0, f"only {written} of {len(data)} bytes fitted")
        _sync(self._fd)
        self._size_bytes += written
        if self._size_bytes >= self._max_segment_bytes:
            self._seal()

    def _seal(self) -> None:
        if self._fd is not None:
            # A forked child may still hold the descriptor, which would keep the lock beyond the close.
            fcntl.flock(self._fd, fcntl.LOCK_UN)
            os.close(self._fd)
            self._fd = None

    def _forget_parent(self) -> None:
        self._lock = threading.Lock()
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None

    def __del__(self) -> None:
        if self._fd is not None:
            os.close(self._fd)


_open_ledgers: weakref.WeakSet[Ledger] = weakref.WeakSet()


def _forget_parents_segments() -> None:
    for ledger in list(_open_ledgers):
        ledger._forget_parent()


os.register_at_fork(after_in_child=_forget_parents_segments)


def _create_segment(folder: Path) -> int:
    """A new, locked segment that appears in the folder only once it is locked, and survives a power cut."""
    _make_folder(folder)
    name = uuid7()
    hidden = folder / f".{name}"
    fd = os.open(hidden, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        hidden.rename(folder / f"{name}{SUFFIX}")
        sync_folder(folder)
    except OSError:
        os.close(fd)
        hidden.unlink(missing_ok=True)
        raise
    return fd


def _make_folder(folder: Path) -> None:
    """The folder and those above it, private and on disk."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    for path in reversed(missing):
        path.mkdir(mode=0o700, exist_ok=True)
        sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
