from pricing import gross, tax_rate


def test_standard_rate_elsewhere():
    assert tax_rate("FR", "book") == 0.2
    assert gross(100, "GB") == 120.0


def test_special_rules_stay():
    assert tax_rate("GB", "book") == 0.0
    assert tax_rate("DE", "food") == 0.07
