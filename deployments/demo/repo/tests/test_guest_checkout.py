from decimal import Decimal

from shop.checkout import total
from shop.models import Basket, Customer, Line


def test_guest_pays_in_full():
    guest = Customer("Guest")
    assert total(Basket(guest, [Line("tea", Decimal("4.50"), 2)])) == Decimal("9.00")
