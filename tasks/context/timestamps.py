"""Points in time as senders write them, in UTC."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

_DECIMALS = re.compile(r"(\.\d{1,6})\d*")
_CLOCK_SKEW = timedelta(hours=1)
_EARLIEST = datetime(1970, 1, 2, tzinfo=UTC)
_MILLISECONDS_FROM = 100_000_000_000
"""Epoch numbers above are milliseconds: as seconds they would lie beyond the year 5000."""


def parse_time(value: object) -> datetime | None:
    """UTC time from ISO 8601, a datetime, or seconds or milliseconds since 1970 (also as text).

    None for anything else, for zero, and for the year-1 placeholder of some senders. A time without a zone is UTC.
    """
    try:
        moment = _read(value)
        moment = moment.astimezone(UTC) if moment and moment.tzinfo else moment and moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return moment if moment and moment >= _EARLIEST else None


def _read(value: object) -> datetime | None:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    if isinstance(value, str):
        text = value.strip()[:64]
        if text.isascii() and text.isdigit():
            return _from_epoch(int(text))
        return datetime.fromisoformat(_DECIMALS.sub(r"\1", text))
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _from_epoch(value)
    return None


def _from_epoch(number: float) -> datetime:
    return datetime.fromtimestamp(number / 1000 if number >= _MILLISECONDS_FROM else number, UTC)


def future_note(moment: datetime | None, now: datetime | None = None) -> tuple[str, ...]:
    """A note on a time that has not come yet, an hour of clock skew aside."""
    if moment is None or moment <= (now or datetime.now(UTC)) + _CLOCK_SKEW:
        return ()
    return (f"its time lies in the future ({moment.isoformat()}); the sender's clock may be wrong",)
