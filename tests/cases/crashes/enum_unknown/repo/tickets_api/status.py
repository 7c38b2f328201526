from enum import Enum


class Status(Enum):
    OPEN = "open"
    DONE = "done"
    UNKNOWN = "unknown"


def parse_status(text: str) -> Status:
    """Status as the tracker spells it; Status.UNKNOWN for spellings that are not known."""
    return Status(text.strip().lower())


def open_count(tickets: list[dict]) -> int:
    return sum(parse_status(ticket["status"]) is Status.OPEN for ticket in tickets)
