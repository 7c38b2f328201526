from decimal import Decimal

from shop.checkout import line_total, total
from shop.models import Account, Basket, Customer, Line

TEA = Line("tea", Decimal("4.50"))


def basket(customer, *lines):
    return Basket(customer, list(lines))


def test_new_customer_pays_in_full():
    ada = Customer("Ada", Account("ada@example.org", orders=1))
    assert total(basket(ada, TEA)) == Decimal("4.50")


def test_loyal_customer_saves_five_percent():
    bob = Customer("Bob", Account("bob@example.org", orders=12))
    assert total(basket(bob, TEA)) == Decimal("4.28")


def test_tenth_order_makes_a_customer_loyal():
    eve = Customer("Eve", Account("eve@example.org", orders=10))
    assert total(basket(eve, Line("kettle", Decimal("100")))) == Decimal("95.00")


def test_empty_basket_costs_nothing():
    ada = Customer("Ada", Account("ada@example.org"))
    assert total(basket(ada)) == Decimal("0.00")


def test_bulk_line_is_cheaper():
    assert line_total(Line("tea", Decimal("1.00"), 20)) == Decimal("19.40")
    assert line_total(Line("tea", Decimal("1.00"), 100)) == Decimal("90.00")
