import json
from pathlib import Path


def load_state(path: Path) -> dict:
    """What the last run left; an empty dict on the first run."""
    return json.loads(path.read_text())


def save_state(path: Path, state: dict) -> None:
    path.write_text(json.dumps(state))


def next_offset(path: Path) -> int:
    return load_state(path).get("offset", 0) + 1
