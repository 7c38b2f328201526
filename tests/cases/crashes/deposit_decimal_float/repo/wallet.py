from decimal import Decimal


class Wallet:
    def __init__(self, balance="0"):
        self.balance = Decimal(balance)

    def deposit(self, amount):
        """Add an amount given as Decimal, int or float; returns the new balance."""
        self.balance = self.balance + amount
        return self.balance
