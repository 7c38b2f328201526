from gateway.auth import session_token
from gateway.cookies import parse_cookies


def test_padded_value():
    assert session_token({"Cookie": "theme=dark; session=YWJjZA=="}) == "YWJjZA=="


def test_others_are_kept():
    assert parse_cookies("a=1=2; b=; c=x") == {"a": "1=2", "b": "", "c": "x"}
