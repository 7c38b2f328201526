import pytest
from api.handlers import BadRequest, create_user, token_of
from api.request import Request


def test_token_of():
    assert token_of(Request("GET", "/", {"Authorization": "Bearer abc"})) == "abc"


def test_create_user():
    request = Request("POST", "/users", {"Authorization": "Bearer k"}, {"name": "Ada"})
    assert create_user(request) == {"name": "Ada", "by": "k"}


def test_create_user_without_body():
    with pytest.raises(BadRequest):
        create_user(Request("POST", "/users"))
