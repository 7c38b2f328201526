from pricing import gross, tax_rate


def test_reduced_rate():
    assert tax_rate("DE", "book") == 0.07


def test_gross():
    assert gross(100, "DE") == 120.0
    assert gross(10, "GB", "book") == 10
