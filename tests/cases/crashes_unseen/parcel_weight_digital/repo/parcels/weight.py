from dataclasses import dataclass
from functools import cached_property


@dataclass
class Item:
    name: str
    count: int
    grams: int | None
    """None for what is delivered by mail, such as vouchers."""


@dataclass
class Parcel:
    items: list[Item]
    box: int = 150

    @cached_property
    def weight(self) -> int:
        """Grams of the box and all that is in it."""
        return self.box + sum(item.count * item.grams for item in self.items)
