"""How much a customer saves."""

from decimal import Decimal

from shop.models import Customer

LOYAL_AFTER = 10


def loyalty_rate(customer: Customer) -> Decimal:
    """Share of the price that a loyal customer saves; everyone else pays in full."""
    if customer.account.orders >= LOYAL_AFTER:
        return Decimal("0.05")
    return Decimal("0")


def bulk_rate(quantity: int) -> Decimal:
    """Share saved on a line of many equal items."""
    if quantity >= 100:
        return Decimal("0.10")
    if quantity >= 20:
        return Decimal("0.03")
    return Decimal("0")
