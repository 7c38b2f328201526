"""A small in-memory cache with a time to live."""


class Cache:
    def __init__(self, ttl_s: float = 60.0):
        self.ttl_s = ttl_s
        self._entries: dict[str, tuple[float, object]] = {}

    def put(self, key: str, value: object, now: float) -> None:
        self._entries[key] = (now + self.ttl_s, value)

    def get(self, key: str, now: float) -> object | None:
        entry = self._entries.get(key)
        if entry is None or entry[0] <= now:
            return None
        return entry[1]

    def purge(self, now: float) -> int:
        """Drop what has expired; returns how many entries went."""
        gone = 0
        for key, (expires, _) in self._entries.items():
            if expires <= now:
                del self._entries[key]
                gone += 1
        return gone
