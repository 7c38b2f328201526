import asyncio


class Quotes:
    def __init__(self, fetch, limit_s=0.05):
        self.fetch = fetch
        self.limit_s = limit_s

    async def price(self, symbol):
        """Last price; None when the exchange does not answer in time."""
        return await asyncio.wait_for(self.fetch(symbol), self.limit_s)


async def prices(quotes, symbols):
    return {symbol: await quotes.price(symbol) for symbol in symbols}
