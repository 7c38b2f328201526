class Connector:
    """Lazily connected client of the broker."""

    def __init__(self, factory):
        self._factory = factory

    def connect(self):
        self._link = self._factory()
        return self._link

    def close(self):
        """Close the link; harmless when there is none."""
        if self._link is not None:
            self._link.close()
            self._link = None
