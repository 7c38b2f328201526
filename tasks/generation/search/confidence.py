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
    informed: bool
    """Whether the probe reached what the candidate changes."""
    tests_near: int
    """Passing tests that run the changed function."""
    rule: str


_UNSURE_RULES = frozenset({"raise_expected", "catch_exception", "align_text", "change_exception", "replace_string"})
"""Edits that can be cut to fit what a test reads."""


def confidence(features: Features, doubts: int) -> float:
    """0..1, fitted by hand on some thirty injected and real faults: a find that is soon and alone is trusted."""
    odds = (
        0.7
        + 1.2 * (features.share - 1.0)
        - 1.4 * math.log(features.groups)
        - 0.5 * math.log1p(features.rank / 40)
        + 0.15 * max(-2.0, min(2.0, features.gain))
        - 0.01 * min(features.size, 60)
        + (0.5 if features.informed else -1.0)
        - 0.5 * features.changed
        + 0.08 * math.log1p(min(features.tests_near, 50))
        - (0.5 if set(features.rule.split("+")) & _UNSURE_RULES else 0.0)
        - (1.0 if "+" in features.rule else 0.0)
        - 1.5 * doubts
    )
    return round(1 / (1 + math.exp(-odds)), 3)
