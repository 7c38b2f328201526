from dataclasses import dataclass
from datetime import datetime, timedelta, timezone


@dataclass
class Session:
    token: str
    expires_at: datetime
    """Aware, UTC."""


def open_session(token: str, now: datetime, minutes: int = 30) -> Session:
    return Session(token, now + timedelta(minutes=minutes))


def is_expired(session: Session, now: datetime | None = None) -> bool:
    """Whether the session has ended at `now`, by default the current time."""
    if now is None:
        now = datetime.utcnow()
    return session.expires_at <= now


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=timezone.utc)
