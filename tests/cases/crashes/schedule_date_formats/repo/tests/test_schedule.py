from datetime import date

from schedule import parse_day, upcoming


def test_parse_day():
    assert parse_day("2026-11-07") == date(2026, 11, 7)
    assert parse_day("") is None


def test_upcoming():
    assert upcoming(["2026-11-09", "2026-11-08", ""], date(2026, 11, 8)) == [date(2026, 11, 8), date(2026, 11, 9)]
