class Pages:
    """A list cut into pages."""

    def __init__(self, items, size=10):
        self._chunks = [items[start : start + size] for start in range(0, len(items), size)]

    @property
    def count(self):
        return len(self._chunks)

    def page(self, number):
        """The items of a page, counted from 1. A page past the end is empty."""
        if number < 1:
            raise ValueError(f"pages count from 1, not {number}")
        return self._chunks[number - 1]
