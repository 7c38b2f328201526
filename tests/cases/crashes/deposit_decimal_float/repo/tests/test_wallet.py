from decimal import Decimal

from wallet import Wallet


def test_deposit():
    assert Wallet("1.50").deposit(Decimal("0.50")) == Decimal("2.00")


def test_deposit_whole():
    assert Wallet().deposit(3) == 3
