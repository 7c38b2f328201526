import pytest
from amounts import parse_amount, total


def test_grouped():
    assert parse_amount("1,204.00") == 1204.0
    assert parse_amount(" 2,000,000.25") == 2000000.25
    assert total(["1,000.00", "1"]) == 1001.0


def test_garbage_still_raises():
    with pytest.raises(ValueError):
        parse_amount("abc")
