from datetime import date, datetime


def parse_day(text: str) -> date | None:
    """A day as `2026-11-07`; None when the text is no day."""
    if not text:
        return None
    return datetime.strptime(text, "%Y-%m-%d").date()


def upcoming(texts: list[str], today: date) -> list[date]:
    """Valid days from today on, in order."""
    days = [parse_day(text) for text in texts]
    return sorted(day for day in days if day is not None and day >= today)
