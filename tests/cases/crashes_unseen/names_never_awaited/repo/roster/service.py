from roster.store import Store


class Roster:
    def __init__(self, store: Store):
        self._store = store

    async def size(self):
        return len(await self._store.numbers())

    async def names(self):
        """The names of all members, by number."""
        return [self._store.get(number)["name"] for number in await self._store.numbers()]
