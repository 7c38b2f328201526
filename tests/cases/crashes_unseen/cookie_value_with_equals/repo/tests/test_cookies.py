from gateway.auth import session_token


def test_token():
    assert session_token({"Cookie": "theme=dark; session=abc"}) == "abc"
    assert session_token({"Cookie": "theme=dark"}) is None
    assert session_token({}) is None
