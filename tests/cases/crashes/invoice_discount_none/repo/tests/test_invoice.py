from decimal import Decimal

from billing.invoice import Line, invoice_total, line_total


def test_line_total_takes_discount_off():
    line = Line("A-1", 2, Decimal("10.00"), Decimal("0.5"))
    assert line_total(line) == Decimal("10.00")


def test_invoice_total_sums_lines():
    lines = [Line("A-1", 1, Decimal("4"), Decimal("0")), Line("B-2", 3, Decimal("2"), Decimal("0"))]
    assert invoice_total(lines) == Decimal("10")
