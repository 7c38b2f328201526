from cart.forms import parse_price, parse_quantity, read_line


def test_parse_quantity():
    assert parse_quantity("3") == 3


def test_parse_price_of_text():
    assert parse_price("free") is None


def test_read_line():
    assert read_line({"sku": "x", "quantity": "2", "price": "1.5"}) == {"sku": "x", "quantity": 2, "price": 1.5}
