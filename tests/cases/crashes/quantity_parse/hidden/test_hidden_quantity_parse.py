from cart.forms import parse_quantity, read_line


def test_text_is_no_quantity():
    assert parse_quantity("two") is None
    assert parse_quantity("") is None
    assert parse_quantity("12") == 12


def test_line_with_bad_quantity():
    assert read_line({"sku": "x", "quantity": "a few"}) == {"sku": "x", "quantity": None, "price": None}
