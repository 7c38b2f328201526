class WorkQueue:
    def __init__(self):
        self._items = []

    def put(self, item):
        self._items.insert(0, item)

    def take(self):
        """The oldest item, or None when the queue is empty."""
        return self._items.pop()

    def drain(self):
        items = []
        while True:
            item = self.take()
            if item is None:
                return items
            items.append(item)
