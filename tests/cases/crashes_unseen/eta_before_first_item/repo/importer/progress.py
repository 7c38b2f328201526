from dataclasses import dataclass


@dataclass
class Progress:
    """How far an import has come."""

    total: int
    done: int = 0
    elapsed: float = 0.0

    def advance(self, items: int, seconds: float) -> None:
        self.done += items
        self.elapsed += seconds

    @property
    def eta(self) -> float | None:
        """Seconds to go at the speed so far, or None as long as that is unknown."""
        if not self.elapsed:
            return None
        speed = self.done / self.elapsed
        return (self.total - self.done) / speed
