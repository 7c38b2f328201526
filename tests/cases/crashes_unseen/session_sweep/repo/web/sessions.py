from dataclasses import dataclass, field


@dataclass
class Sessions:
    """Users who are logged in, and until when."""

    until: dict[str, float] = field(default_factory=dict)
    ended: list[str] = field(default_factory=list)

    def start(self, user: str, now: float, length: float = 60.0) -> None:
        self.until[user] = now + length

    def end(self, user: str) -> None:
        self.ended.append(user)
        del self.until[user]

    def sweep(self, now: float) -> None:
        """End the sessions whose time is over."""
        for user, until in self.until.items():
            if until <= now:
                self.end(user)
