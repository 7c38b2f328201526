import json
from dataclasses import dataclass, fields
from pathlib import Path


@dataclass
class Settings:
    host: str = "localhost"
    port: int = 8080


def load_settings(path: Path) -> Settings:
    """Settings from a JSON file; keys that no setting has are ignored."""
    data = json.loads(path.read_text(encoding="utf-8"))
    known = {field.name for field in fields(Settings)}
    return Settings(**{key: value for key, value in data.items() if key in known})
