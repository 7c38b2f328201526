from datetime import UTC, datetime

from leases.table import holders


def test_holders():
    records = [
        {"holder": "a", "until": "2026-03-01T12:00:00+00:00"},
        {"holder": "b", "until": "2026-03-01T10:00:00+02:00"},
    ]
    assert holders(records, datetime(2026, 3, 1, 9, tzinfo=UTC)) == ["a"]
