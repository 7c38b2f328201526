class Store:
    """Members by number, as a database would answer."""

    def __init__(self, members):
        self._members = members

    async def get(self, number):
        return self._members[number]

    async def numbers(self):
        return sorted(self._members)
