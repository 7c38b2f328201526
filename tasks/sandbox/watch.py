"""Limits on all processes of a sandbox together, which the kernel's per-process limits cannot hold.

Root is exempt from RLIMIT_NPROC, many processes below RLIMIT_AS each still add up, and no limit bounds the bytes
written into a folder that the host shares. So the processes are looked at from outside, a few times a second.
"""

# ruff: noqa: PTH116, PTH123, PTH208  # thousands of reads a minute from /proc

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path

from tasks.models import EndedBy
from tasks.protocols import SandboxLimits

_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
_DISK_INTERVAL_S = 0.25
_MAX_NEW_FILES = 200_000


class Watch:
    """Looks at the processes below `root_pid` and at what they write into `writable`."""

    def __init__(self, root_pid: int, limits: SandboxLimits, writable: Sequence[Path]) -> None:
        self._root_pid = root_pid
        self._limits = limits
        self._writable = writable
        self._started_at = time.time()
        self._disk_due = time.monotonic() + _DISK_INTERVAL_S
        self._free_at_start = [_free(folder) for folder in writable]

    def breach(self) -> EndedBy | None:
        """The limit that is exceeded now, if any."""
        # No further than needed: beside a fork bomb this thread gets little time.
        pids = list(islice(descendants(self._root_pid), self._limits.processes + 1))
        if len(pids) > self._limits.processes:
            return "processes"
        if self._memory_exceeded(pids):
            return "memory"
        if time.monotonic() >= self._disk_due:
            self._disk_due = time.monotonic() + _DISK_INTERVAL_S
            if self._disk_exceeded(pids):
                return "disk"
        return None

    def _memory_exceeded(self, pids: Sequence[int]) -> bool:
        """Cheaply first; pages shared since a fork count once only in the slower second look."""
        limit = self._limits.total_memory_bytes
        return sum(map(_private_bytes, pids)) > limit and sum(map(_proportional_bytes, pids)) > limit

    def _disk_exceeded(self, pids: Sequence[int]) -> bool:
        """Free space says at no cost whether to look closer; others may have used it."""
        for folder, (bytes_free, files_free) in zip(self._writable, self._free_at_start, strict=True):
            bytes_now, files_now = _free(folder)
            if bytes_free - bytes_now > self._limits.disk_bytes or files_free - files_now > _MAX_NEW_FILES:
                written, files = _written_since(folder, self._started_at, pids)
                if written > self._limits.disk_bytes or files > _MAX_NEW_FILES:
                    return True
        return False


def descendants(root_pid: int) -> Iterator[int]:
    """Pids of all processes below `root_pid`, itself excluded."""
    todo = [root_pid]
    seen = {root_pid}
    while todo:
        for child in _children(todo.pop()):
            if child not in seen:
                seen.add(child)
                todo.append(child)
                yield child


def _children(pid: int) -> list[int]:
    found: list[int] = []
    with suppress(OSError):
        for thread in os.listdir(f"/proc/{pid}/task"):
            with suppress(OSError), open(f"/proc/{pid}/task/{thread}/children", "rb") as file:
                found += map(int, file.read().split())
    return found


def _private_bytes(pid: int) -> int:
    with suppress(OSError, IndexError), open(f"/proc/{pid}/statm", "rb") as file:
        fields = file.read().split()
        return (int(fields[1]) - int(fields[2])) * _PAGE_BYTES
    return 0


def _proportional_bytes(pid: int) -> int:
    with suppress(OSError), open(f"/proc/{pid}/smaps_rollup", "rb") as file:
        for line in file:
            if line.startswith(b"Pss:"):
                return int(line.split()[1]) * 1024
    return _private_bytes(pid)


def _free(folder: Path) -> tuple[int, int]:
    try:
        status = os.statvfs(folder)
    except OSError:
        return 0, 0
    return status.f_bavail * status.f_frsize, status.f_ffree


def _written_since(folder: Path, moment: float, pids: Sequence[int]) -> tuple[int, int]:
    """Bytes and number of files below `folder` changed since `moment` (ctime cannot be set back), deleted ones that
    are still open included."""
    total = files = 0
    todo = [str(folder)]
    while todo:
        with suppress(OSError), os.scandir(todo.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    todo.append(entry.path)
                    continue
                with suppress(OSError):
                    status = entry.stat(follow_symlinks=False)
                    if status.st_ctime >= moment - 1:
                        total += status.st_blocks * 512
                        files += 1
    return total + sum(map(_deleted_bytes, pids)), files


def _deleted_bytes(pid: int) -> int:
    total = 0
    with suppress(OSError):
        for handle in os.listdir(f"/proc/{pid}/fd"):
            with suppress(OSError):
                status = os.stat(f"/proc/{pid}/fd/{handle}")
                if status.st_nlink == 0:
                    total += status.st_blocks * 512
    return total
