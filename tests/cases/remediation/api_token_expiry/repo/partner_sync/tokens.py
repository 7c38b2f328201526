"""Access tokens of the partner API."""

from dataclasses import dataclass

LEEWAY_S = 30


@dataclass(frozen=True)
class Token:
    value: str
    expires_at: float

    def is_expired(self, now):
        """True from LEEWAY_S before the end, so that no request leaves with a token about to die."""
        return now < self.expires_at - LEEWAY_S


class TokenStore:
    """Holds one token and fetches a new one when it is needed."""

    def __init__(self, fetch, clock):
        self._fetch = fetch
        self._clock = clock
        self._token = None

    def current(self):
        if self._token is None or self._token.is_expired(self._clock()):
            self._token = self._fetch()
        return self._token
