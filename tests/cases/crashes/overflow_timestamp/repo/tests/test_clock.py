from clock import day_of


def test_day_of():
    assert day_of(1762500000) == "2025-11-07"
