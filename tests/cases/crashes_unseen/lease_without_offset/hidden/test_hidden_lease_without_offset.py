from datetime import UTC, datetime, timedelta, timezone

from leases.table import holders


def test_without_offset_is_utc():
    records = [{"holder": "a", "until": "2026-03-01T12:00:00"}]
    assert holders(records, datetime(2026, 3, 1, 11, 59, tzinfo=UTC)) == ["a"]
    assert holders(records, datetime(2026, 3, 1, 12, 1, tzinfo=UTC)) == []
    east = timezone(timedelta(hours=5))
    assert holders(records, datetime(2026, 3, 1, 16, 30, tzinfo=east)) == ["a"]
    assert holders(records, datetime(2026, 3, 1, 17, 30, tzinfo=east)) == []


def test_offset_is_kept():
    records = [{"holder": "b", "until": "2026-03-01T10:00:00+02:00"}]
    assert holders(records, datetime(2026, 3, 1, 7, 59, tzinfo=UTC)) == ["b"]
    assert holders(records, datetime(2026, 3, 1, 9, tzinfo=UTC)) == []
