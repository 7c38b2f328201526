"""A bound on the CPU seconds of code that may never end, inside one process."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator
from typing import Any


class OutOfTime(BaseException):
    """Raised in the running code; again and again while it catches it."""


@contextlib.contextmanager
def cpu_limit(seconds: float) -> Iterator[None]:
    signal.signal(signal.SIGPROF, _raise_out_of_time)
    signal.setitimer(signal.ITIMER_PROF, seconds, 0.1)
    try:
        yield
    finally:
        with contextlib.suppress(OutOfTime):
            signal.setitimer(signal.ITIMER_PROF, 0)


def _raise_out_of_time(number: int, frame: Any) -> None:
    raise OutOfTime
