"""Who may open the history database: one process that folds, or any number that read.

DuckDB's own lock is not enough: it is a POSIX record lock, which a process loses when any thread of it opens and
closes the file a second time. This one belongs to an open file of its own and waits for its turn.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tasks.errors import HistoryError

POLL_S = 0.02


class HistoryBusyError(HistoryError):
    """Another process kept the history database for as long as the caller would wait."""


@contextmanager
def history_lock(home: Path, *, shared: bool, timeout_s: float) -> Iterator[None]:
    """Holds the right to read (`shared`) or to write the history database.

    Raises HistoryBusyError when that took longer than `timeout_s` (0 tries once), HistoryError when the folder cannot
    be written to.
    """
    fd = _open_lock_file(home)
    try:
        _wait(fd, fcntl.LOCK_SH if shared else fcntl.LOCK_EX, timeout_s)
        yield
    finally:
        os.close(fd)


def _open_lock_file(home: Path) -> int:
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        return os.open(home / "history.lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        reason = (error.strerror or "cannot be used").lower()
        raise HistoryError(f"history folder {str(home)!r}: {reason}; MENDFLOW_HOME names another one") from error


def _wait(fd: int, operation: int, timeout_s: float) -> None:
    deadline = time.monotonic() + timeout_s
    while True:
        try:
            fcntl.flock(fd, operation | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                raise HistoryBusyError(f"the history database was in use for {timeout_s:g} s; try again") from None
            time.sleep(POLL_S)
        else:
            return
