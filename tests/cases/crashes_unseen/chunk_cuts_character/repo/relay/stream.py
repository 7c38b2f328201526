class LineReader:
    """Lines of UTF-8 text out of chunks of bytes as a socket delivers them."""

    def __init__(self):
        self._rest = ""

    def feed(self, chunk: bytes) -> list[str]:
        """The lines that the chunk completes."""
        self._rest += chunk.decode("utf-8")
        *lines, self._rest = self._rest.split("\n")
        return lines
