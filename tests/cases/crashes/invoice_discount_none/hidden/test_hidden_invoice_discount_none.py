from decimal import Decimal

from billing.invoice import Line, invoice_total, line_total


def test_line_without_discount_costs_full_price():
    assert line_total(Line("A", 2, Decimal("10"))) == Decimal("20")


def test_mixed_invoice():
    lines = [Line("A", 2, Decimal("10")), Line("B", 1, Decimal("8"), Decimal("0.25"))]
    assert invoice_total(lines) == Decimal("26")
