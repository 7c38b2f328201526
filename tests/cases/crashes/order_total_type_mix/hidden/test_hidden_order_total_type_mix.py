from orders import receipt


def test_numbered_table():
    assert receipt({"items": [], "table": 4}) == "Total: 0\nTable 4"


def test_named_table():
    assert receipt({"items": [], "table": "Bar"}) == "Total: 0\nTable Bar"
