"""Reading the Authorization header."""


class InvalidHeader(Exception):
    """The header is not `<scheme> <credentials>`; answered with 401."""


def credentials(header: str) -> str:
    """The part behind the scheme."""
    if not header:
        raise InvalidHeader("empty header")
    return header.split(" ")[1]


def scheme(header: str) -> str:
    if not header:
        raise InvalidHeader("empty header")
    return header.split(" ")[0].lower()
