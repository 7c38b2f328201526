import zlib


class FlagStore:
    """Feature flags, each switched on for a share of the users."""

    def __init__(self, rollouts):
        self._rollouts = dict(rollouts)
        self.asked = 0

    def define(self, name, percent):
        self._rollouts[name] = percent

    def is_on(self, name, user):
        """Whether the flag is on for the user; a flag that nobody defined is off."""
        self.asked += 1
        percent = self._rollouts[name]
        return zlib.crc32(f"{name}:{user}".encode()) % 100 < percent
