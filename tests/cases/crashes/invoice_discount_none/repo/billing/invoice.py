from dataclasses import dataclass
from decimal import Decimal


@dataclass
class Line:
    sku: str
    quantity: int
    unit_price: Decimal
    discount: Decimal | None = None
    """Share taken off, 0 to 1; None when the line has no discount."""


def line_total(line: Line) -> Decimal:
    """Price of the line after its discount."""
    gross = line.unit_price * line.quantity
    return gross - gross * line.discount


def invoice_total(lines: list[Line]) -> Decimal:
    return sum((line_total(line) for line in lines), Decimal("0"))
