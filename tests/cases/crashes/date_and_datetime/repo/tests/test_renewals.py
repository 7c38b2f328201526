from datetime import date, datetime

from renewals import days_left, due


def test_days_left():
    assert days_left(date(2026, 11, 30), date(2026, 11, 20)) == 10


def test_due():
    assert due([], datetime(2026, 1, 1)) == []
