from dataclasses import dataclass


@dataclass(frozen=True)
class Account:
    id: int
    email: str
    active: bool = True
