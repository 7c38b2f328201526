"""How strict, how wide and by whose rules a change is judged."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from tasks.models import Frozen, Level

WEIGHTS: dict[Level, float] = {
    Level.SYNTAX: 0.30,
    Level.SECURITY: 0.30,
    Level.BEST_PRACTICES: 0.20,
    Level.PERFORMANCE: 0.12,
    Level.PATTERNS: 0.08,
}
"""What each level counts in the score: what breaks or endangers users first, what only looks odd last."""

ERROR_COST = 0.6
WARNING_COST = 0.15
"""Taken from a level's score of 1 for each issue, down to 0; an info costs nothing."""


class ValidationOptions(Frozen):
    strict_mode: bool = False
    """A warning fails its level too."""
    syntax_check: bool = True
    pattern_check: bool = True
    security_review: bool = True
    performance_check: bool = True
    best_practices_check: bool = True
    weights: dict[Level, float] = Field(default_factory=lambda: dict(WEIGHTS))
    team_rules: Path | None = None
    """A YAML file; see `team_rules.py` for its form."""
    compliance: tuple[str, ...] = ()
    """Names of profiles, e.g. `owasp-top-10`; see `profiles.py`."""
    concurrent: bool = True
    """Run the levels side by side in threads."""

    @property
    def levels(self) -> tuple[Level, ...]:
        """The levels switched on, in the order in which they are reported."""
        switches = {
            Level.SYNTAX: self.syntax_check,
            Level.PATTERNS: self.pattern_check,
            Level.SECURITY: self.security_review,
            Level.PERFORMANCE: self.performance_check,
            Level.BEST_PRACTICES: self.best_practices_check,
        }
        return tuple(level for level, on in switches.items() if on)
