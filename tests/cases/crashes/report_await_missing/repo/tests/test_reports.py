import asyncio

from reports import Store, build_report

ROWS = [{"kind": "a", "n": 1}, {"kind": "b", "n": 2}, {"kind": "a", "n": 3}]


def test_build_report():
    assert asyncio.run(build_report(Store(ROWS), ["a", "b"])) == {"a": 2, "b": 1}
