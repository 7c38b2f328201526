"""What a checkout works on."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import List, Optional


@dataclass(frozen=True)
class Account:
    email: str
    orders: int = 0


@dataclass(frozen=True)
class Customer:
    name: str
    account: Optional[Account] = None  # guests have none


@dataclass(frozen=True)
class Line:
    sku: str
    price: Decimal
    quantity: int = 1


@dataclass
class Basket:
    customer: Customer
    lines: List[Line] = field(default_factory=list)
