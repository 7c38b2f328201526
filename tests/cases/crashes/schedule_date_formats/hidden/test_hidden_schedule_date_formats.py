from datetime import date

from schedule import parse_day, upcoming


def test_no_day():
    assert parse_day("tomorrow") is None
    assert parse_day("2026-13-40") is None
    assert parse_day("2026-02-03") == date(2026, 2, 3)


def test_upcoming_ignores_it():
    assert upcoming(["tbd", "2026-11-09"], date(2026, 1, 1)) == [date(2026, 11, 9)]
