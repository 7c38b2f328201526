"""Identifiers that sort by the time at which they were made."""

from __future__ import annotations

import hashlib
import os
import time


def uuid7() -> str:
    """A version 7 UUID (RFC 9562): milliseconds, then the rest of the nanosecond clock, then chance."""
    milliseconds, rest_ns = divmod(time.time_ns(), 1_000_000)
    fraction = rest_ns * 4096 // 1_000_000
    chance = int.from_bytes(os.urandom(8)) >> 2
    text = f"{(milliseconds << 80) | (0x7 << 76) | (fraction << 64) | (0b10 << 62) | chance:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def uuid_below(parent: str, number: int) -> str:
    """An id for the part `number` of what `parent` names: the same each time, of the parent's time, in order."""
    digest = hashlib.sha256(f"{parent} {number}".encode()).hexdigest()
    return f"{parent[:14]}8{number & 0xFFF:03x}-a{digest[:3]}-{digest[3:15]}"
