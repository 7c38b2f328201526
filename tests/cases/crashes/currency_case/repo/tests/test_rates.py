from fx.rates import convert, convert_all


def test_convert():
    assert convert(10.8, "USD") == 10.0


def test_convert_all():
    assert convert_all([{"amount": 1.0, "currency": "EUR"}, {"amount": 0.84, "currency": "GBP"}]) == 2.0
