"""Reading ledger segments while their writers go on."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from analytics.ledger import SUFFIX, segment_folder

CHUNK_BYTES = 4 * 1024**2


@dataclass(frozen=True)
class Chunk:
    """Whole lines of one segment, and how far they reach into it."""

    segment: str
    lines: tuple[bytes, ...]
    start: int
    end: int
    is_last: bool
    """The segment is sealed and this is its end."""
    torn: bytes = b""
    """The half line that a writer left when it was ended; only at the end of a sealed segment."""


def segments(home: Path) -> list[Path]:
    """Oldest first."""
    return sorted(segment_folder(home).glob(f"*{SUFFIX}"))


def is_sealed(fd: int) -> bool:
    """No writer holds the segment any more."""
    try:
        fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    fcntl.flock(fd, fcntl.LOCK_UN)
    return True


def read_chunks(path: Path, start: int) -> Iterator[Chunk]:
    """What stands in the segment from byte `start` on, a few megabytes at a time.

    The half-written last line of a live segment is left for a later call.
    """
    fd = os.open(path, os.O_RDONLY)
    try:
        # Before reading: a segment that is sealed now has its last byte already.
        sealed = is_sealed(fd)
        rest = b""
        while True:
            data = os.pread(fd, CHUNK_BYTES, start + len(rest))
            block = rest + data
            if not data:
                break
            whole = block.rfind(b"\n") + 1
            rest = block[whole:]
            if whole:
                yield Chunk(path.stem, tuple(block[: whole - 1].split(b"\n")), start, start + whole, is_last=False)
                start += whole
        if sealed:
            yield Chunk(path.stem, (), start, start + len(rest), is_last=True, torn=rest)
    finally:
        os.close(fd)
