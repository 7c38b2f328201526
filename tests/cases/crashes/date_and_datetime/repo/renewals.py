from datetime import date, datetime


def days_left(expires: date, today: date) -> int:
    """Whole days until the contract ends; callers pass a date or a datetime as today."""
    return (expires - today).days


def due(contracts: list[dict], now: datetime, within: int = 30) -> list[str]:
    """Names of contracts that end within so many days."""
    return [c["name"] for c in contracts if days_left(c["expires"], now) <= within]
