from quotes.fetch import fetch_quote


def test_no_answer():
    asked = []

    def source(symbol):
        asked.append(symbol)
        raise TimeoutError

    assert fetch_quote(source, "ACME", attempts=4) is None
    assert asked == ["ACME"] * 4


def test_free_share():
    assert fetch_quote(lambda symbol: {"price": 0}, "ACME") == 0
