from sessions import is_expired, open_session, utc


def test_open_session_is_not_expired():
    now = utc(2026, 11, 1, 12)
    assert not is_expired(open_session("t", now), now)


def test_session_expires():
    assert is_expired(open_session("t", utc(2026, 11, 1, 12)), utc(2026, 11, 1, 13))
