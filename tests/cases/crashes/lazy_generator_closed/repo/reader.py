from pathlib import Path


def records(path: Path) -> list[str]:
    """Non-empty lines of the file."""
    with open(path, encoding="utf-8") as handle:
        return (line.strip() for line in handle if line.strip())


def count(path: Path) -> int:
    return sum(1 for _ in records(path))
