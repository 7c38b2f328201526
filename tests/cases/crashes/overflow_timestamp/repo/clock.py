from datetime import datetime, timezone


def from_epoch(value: float) -> datetime:
    """Time of an epoch value; producers send seconds or milliseconds."""
    return datetime.fromtimestamp(value, timezone.utc)


def day_of(value: float) -> str:
    return from_epoch(value).date().isoformat()
