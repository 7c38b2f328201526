import datetime as dt

from feed import newest, published_at


def test_published_at():
    assert published_at({"published": "2026-11-08T10:00:00"}) == dt.datetime(2026, 11, 8, 10)
    assert published_at({}) is None


def test_newest():
    assert newest([{}]) is None
