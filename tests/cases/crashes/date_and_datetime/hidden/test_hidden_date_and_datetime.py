from datetime import date, datetime

from renewals import due


def test_due():
    contracts = [{"name": "a", "expires": date(2026, 11, 30)}, {"name": "b", "expires": date(2027, 11, 30)}]
    assert due(contracts, datetime(2026, 11, 20, 12)) == ["a"]
