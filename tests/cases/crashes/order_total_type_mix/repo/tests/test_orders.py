from orders import order_total, receipt

ITEM = {"name": "Tea", "price_cents": 250, "quantity": 2}


def test_order_total():
    assert order_total([ITEM]) == 500


def test_receipt():
    assert receipt({"items": [ITEM]}) == "Tea x2\nTotal: 500"


def test_receipt_with_named_table():
    assert receipt({"items": [], "table": "Window"}) == "Total: 0\nTable Window"
