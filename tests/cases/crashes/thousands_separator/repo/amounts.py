"""Amounts as the mainframe prints them."""


def parse_amount(text: str) -> float:
    """Value of an amount such as `12.50` or `1,204.00` (comma groups thousands)."""
    return float(text.strip())


def total(texts: list[str]) -> float:
    return sum(parse_amount(text) for text in texts)
