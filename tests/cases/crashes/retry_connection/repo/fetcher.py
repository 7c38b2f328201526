"""Fetches exchange rates from the bank's feed."""
import time


class FeedClient:
    def __init__(self, transport, attempts: int = 3, pause_s: float = 0.0):
        self.transport = transport
        self.attempts = attempts
        self.pause_s = pause_s

    def latest(self, currency: str) -> float:
        """Rate of today; the feed drops connections now and then, so it is asked up to `attempts` times."""
        for attempt in range(self.attempts):
            try:
                return float(self.transport.get(f"/latest/{currency}"))
            except ConnectionError:
                if attempt == self.attempts - 1:
                    raise
                time.sleep(self.pause_s)
        raise AssertionError("unreachable")

    def history(self, currency: str, day: str) -> float:
        """Rate of a past day."""
        return float(self.transport.get(f"/history/{day}/{currency}"))
