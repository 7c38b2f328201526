import json
from pathlib import Path


def export_rows(rows: list[dict], folder: Path, day: str) -> Path:
    """Write one JSON file a day below `folder`; returns its path."""
    target = folder / day[:4] / f"{day}.json"
    target.write_text(json.dumps(rows))
    return target


def read_rows(path: Path) -> list[dict]:
    return json.loads(path.read_text())
