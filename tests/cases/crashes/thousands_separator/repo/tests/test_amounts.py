from amounts import parse_amount, total


def test_parse_amount():
    assert parse_amount(" 12.50 ") == 12.5


def test_total():
    assert total(["1.00", "2.00"]) == 3.0
