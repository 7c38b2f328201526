"""Time that is kept: wall-clock seconds of the run and CPU seconds of this process and its servers."""

from __future__ import annotations

import time
from collections.abc import Callable


class Budget:
    def __init__(self, wall_s: float, cpu_s: float) -> None:
        self.wall_s = wall_s
        self.cpu_s = cpu_s
        self._started = time.monotonic()
        self._own_cpu = time.process_time()
        self.servers_cpu_s: Callable[[], float] = lambda: 0.0

    def spent_cpu_s(self) -> float:
        return time.process_time() - self._own_cpu + self.servers_cpu_s()

    def left_s(self) -> float:
        """Wall-clock seconds that may still be used."""
        return self.wall_s - (time.monotonic() - self._started)

    def used(self) -> float:
        """0..1, the tighter of both limits."""
        wall = 1 - self.left_s() / self.wall_s
        return max(wall, self.spent_cpu_s() / self.cpu_s)

    def is_spent(self) -> bool:
        return self.used() >= 1.0
