from decimal import Decimal

from wallet import Wallet


def test_float():
    wallet = Wallet("1.10")
    assert wallet.deposit(0.1) == Decimal("1.20")
    assert isinstance(wallet.balance, Decimal)


def test_decimal_and_int():
    assert Wallet("1").deposit(Decimal("0.10")) == Decimal("1.10")
    assert Wallet("1").deposit(2) == 3
