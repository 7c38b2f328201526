from releases import is_newer, latest


def test_latest_orders_by_number():
    assert latest(["v1.9.0", "v1.10.0"]) == "v1.10.0"


def test_is_newer():
    assert is_newer("v2.0.0", ["v1.10.0"])
