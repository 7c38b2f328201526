from pathlib import Path


class Journal:
    """Appends entries to a file, which can be moved aside when it has grown."""

    def __init__(self, path: Path):
        self.path = path
        self._file = path.open("a", encoding="utf-8")

    def write(self, entry: str) -> None:
        self._file.write(entry + "\n")
        self._file.flush()

    def rotate(self) -> Path:
        """Move what was written aside, and go on with an empty file; where the old entries are."""
        self._file.close()
        aside = self.path.with_suffix(".1")
        self.path.replace(aside)
        return aside

    def close(self) -> None:
        self._file.close()
