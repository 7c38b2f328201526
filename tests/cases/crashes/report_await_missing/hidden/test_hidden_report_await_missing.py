import asyncio

from reports import Store, newest

ROWS = [{"kind": "a", "n": 1}, {"kind": "a", "n": 3}]


def test_newest():
    assert asyncio.run(newest(Store(ROWS), "a")) == {"kind": "a", "n": 3}
    assert asyncio.run(newest(Store(ROWS), "z")) is None
