"""Durations as people write them."""

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def parse_duration(text):
    """Seconds of a duration such as `90s`, `1.5h` or `1d12h30m`."""
    text = text.strip().lower()
    if not text:
        raise ValueError("empty duration")

    return float(text[:-1]) * UNITS[text[-1]]
