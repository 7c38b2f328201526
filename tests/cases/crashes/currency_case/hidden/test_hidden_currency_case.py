import pytest
from fx.rates import convert, convert_all


def test_any_case():
    assert convert(10.8, "usd") == 10.0
    assert convert_all([{"amount": 2.0, "currency": "Eur"}]) == 2.0


def test_unknown_code_is_an_error():
    with pytest.raises(Exception):
        convert(1.0, "XXX")
