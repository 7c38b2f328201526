import asyncio

import pytest
from monitor.probes import Monitor


async def fine():
    return None


async def slow():
    await asyncio.sleep(30)


async def broken():
    raise LookupError("a fault of the probe itself")


def test_slow_is_down_and_others_are_told():
    assert asyncio.run(Monitor({"search": slow, "web": fine}, limit=0.05).check_all()) == {
        "search": "down",
        "web": "up",
    }


def test_other_faults_are_not_hidden():
    with pytest.raises(LookupError):
        asyncio.run(Monitor({"web": broken}).check_all())
