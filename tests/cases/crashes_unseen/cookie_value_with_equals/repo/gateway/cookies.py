def parse_cookies(header: str) -> dict[str, str]:
    """The cookies of a request by name."""
    return dict(pair.strip().split("=") for pair in header.split(";"))
