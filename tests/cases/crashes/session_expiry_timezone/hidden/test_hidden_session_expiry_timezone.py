from datetime import datetime, timedelta, timezone

from sessions import Session, is_expired


def test_default_now_is_aware():
    now = datetime.now(timezone.utc)
    assert is_expired(Session("t", now - timedelta(hours=1))) is True
    assert is_expired(Session("t", now + timedelta(hours=20))) is False
