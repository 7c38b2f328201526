import asyncio

from quotes import Quotes, prices


async def fetch(symbol):
    return len(symbol)


def test_prices():
    assert asyncio.run(prices(Quotes(fetch), ["A", "BB"])) == {"A": 1, "BB": 2}
