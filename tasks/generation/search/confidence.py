"""The chance that a plausible patch is the right one, from what the search saw."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Features:
    share: float
    """0..1, the weight of its group of equal behaviour among all plausible candidates."""
    groups: int
    """Behaviours that pass the tests: the more, the less the tests say."""
    rank: int
    """Candidates tried before it."""
    gain: float
    """How much more familiar its lines became to the repository's own code."""
    size: int
    """Characters that differ."""
    changed: float
    """0..1, the probed inputs on which it differs from the original."""
    inputs: int
    """Inputs that were probed."""
    tests_near: int
    """Passing tests that run the changed function."""
    rule: str


def confidence(features: Features, doubts: int) -> float:
    """0..1, calibrated on injected and real faults."""
    odds = (
        -0.6
        + 2.0 * (features.share - 0.5)
        - 0.35 * math.log(features.groups)
        - 0.15 * math.log1p(features.rank / 50)
        + 0.25 * max(-2.0, min(2.0, features.gain))
        - 0.02 * min(features.size, 60)
        - 0.8 * features.changed
        + 0.2 * math.log1p(min(features.tests_near, 50))
        - 1.5 * doubts
    )
    return round(1 / (1 + math.exp(-odds)), 3)
