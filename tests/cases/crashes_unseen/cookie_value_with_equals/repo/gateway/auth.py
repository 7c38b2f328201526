from gateway.cookies import parse_cookies


def session_token(headers):
    """The token of the session, or None for a visitor."""
    if "Cookie" not in headers:
        return None
    return parse_cookies(headers["Cookie"]).get("session")
