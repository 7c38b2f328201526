"""Identifiers that sort by the time at which they were made."""

from __future__ import annotations

import os
import time
import uuid


def uuid7() -> str:
    """A version 7 UUID (RFC 9562): milliseconds, then the rest of the nanosecond clock, then chance."""
    milliseconds, rest_ns = divmod(time.time_ns(), 1_000_000)
    fraction = rest_ns * 4096 // 1_000_000
    chance = int.from_bytes(os.urandom(8)) >> 2
    value = (milliseconds & (1 << 48) - 1) << 80 | 0x7 << 76 | fraction << 64 | 0b10 << 62 | chance
    return str(uuid.UUID(int=value))
