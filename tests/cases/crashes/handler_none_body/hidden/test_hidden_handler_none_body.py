from api.handlers import create_user, token_of
from api.request import Request


def test_no_header_is_empty_token():
    assert token_of(Request("GET", "/")) == ""


def test_anonymous_create():
    assert create_user(Request("POST", "/users", {}, {"name": "Bob"})) == {"name": "Bob", "by": ""}


def test_token():
    assert token_of(Request("GET", "/", {"Authorization": "Bearer x "})) == "x"
