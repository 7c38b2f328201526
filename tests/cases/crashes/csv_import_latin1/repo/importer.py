import csv
from pathlib import Path


def read_customers(path: Path) -> list[dict[str, str]]:
    """Rows of the nightly customer export, header names as keys."""
    with open(path, encoding="ascii", newline="") as handle:
        return list(csv.DictReader(handle))


def names(path: Path) -> list[str]:
    return [row["name"] for row in read_customers(path)]
