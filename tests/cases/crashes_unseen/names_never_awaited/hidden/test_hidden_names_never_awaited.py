import asyncio

from roster.service import Roster
from roster.store import Store


def test_names():
    assert asyncio.run(Roster(Store({4: {"name": "Ada"}, 2: {"name": "Bo"}})).names()) == ["Bo", "Ada"]


def test_nobody():
    assert asyncio.run(Roster(Store({})).names()) == []
