import asyncio

from quotes import Quotes, prices


async def hang(symbol):
    await asyncio.sleep(5)


async def quick(symbol):
    return 7


def test_slow_exchange():
    assert asyncio.run(prices(Quotes(hang), ["A"])) == {"A": None}


def test_quick():
    assert asyncio.run(Quotes(quick).price("A")) == 7
