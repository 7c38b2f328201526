from api.request import Request


class BadRequest(Exception):
    status = 400


def require(body: dict, name: str) -> str:
    if name not in body:
        raise BadRequest(f"missing field {name!r}")
    return body[name]


def token_of(request: Request) -> str:
    """The bearer token; empty when none was sent."""
    header = request.headers.get("Authorization")
    return header.removeprefix("Bearer ").strip()


def create_user(request: Request) -> dict:
    if request.body is None:
        raise BadRequest("body expected")
    return {"name": require(request.body, "name"), "by": token_of(request)}
