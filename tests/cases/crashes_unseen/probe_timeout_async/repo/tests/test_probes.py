import asyncio

from monitor.probes import Monitor


async def fine():
    return None


async def refused():
    raise ConnectionRefusedError


def test_check_all():
    assert asyncio.run(Monitor({"web": fine, "db": refused}).check_all()) == {"web": "up", "db": "down"}
