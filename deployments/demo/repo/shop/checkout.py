"""From a basket to an amount."""

from decimal import ROUND_HALF_UP, Decimal

from shop.discounts import bulk_rate, loyalty_rate
from shop.models import Basket, Line

CENT = Decimal("0.01")


def line_total(line: Line) -> Decimal:
    return line.price * line.quantity * (1 - bulk_rate(line.quantity))


def total(basket: Basket) -> Decimal:
    """The amount to charge, rounded to a cent."""
    subtotal = sum((line_total(line) for line in basket.lines), Decimal("0"))
    payable = subtotal * (1 - loyalty_rate(basket.customer))
    return payable.quantize(CENT, rounding=ROUND_HALF_UP)
