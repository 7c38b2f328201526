import asyncio

from roster.service import Roster
from roster.store import Store


def test_size():
    assert asyncio.run(Roster(Store({1: {"name": "Ada"}})).size()) == 1
