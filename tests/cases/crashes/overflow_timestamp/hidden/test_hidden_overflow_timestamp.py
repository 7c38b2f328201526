from clock import day_of


def test_milliseconds():
    assert day_of(1762500000000) == "2025-11-07"
    assert day_of(1762500000) == "2025-11-07"
