import asyncio


class Monitor:
    """Asks services whether they are up."""

    def __init__(self, probes, limit=5.0):
        self._probes = probes
        self._limit = limit

    async def check(self, name):
        """Either `up`, or `down` when the service does not answer."""
        try:
            await asyncio.wait_for(self._probes[name](), self._limit)
        except ConnectionError:
            return "down"
        return "up"

    async def check_all(self):
        states = await asyncio.gather(*(self.check(name) for name in self._probes))
        return dict(zip(self._probes, states, strict=True))
