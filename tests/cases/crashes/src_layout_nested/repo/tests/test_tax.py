from billing_app.regions import region_of
from billing_app.tax import vat


def test_vat():
    assert vat({"country": "DE"}, 100.0) == 20.0


def test_region_of():
    assert region_of("US") is None
