import json
from dataclasses import asdict, dataclass
from datetime import datetime


@dataclass
class Event:
    name: str
    at: datetime | None = None


def to_json(event: Event) -> str:
    """The event for the bus, times in ISO 8601."""
    return json.dumps(asdict(event))
