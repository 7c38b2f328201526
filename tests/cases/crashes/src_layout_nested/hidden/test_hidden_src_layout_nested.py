from billing_app.tax import vat


def test_outside():
    assert vat({"country": "US"}, 50.0) == 0


def test_inside():
    assert vat({"country": "GB"}, 10.0) == 2.0
