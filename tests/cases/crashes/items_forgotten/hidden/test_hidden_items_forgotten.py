from labels import to_selector


def test_selector():
    assert to_selector({"tier": "db", "app": "x"}) == "app=x,tier=db"
