"""The words that senders use for how bad it is."""

from __future__ import annotations

from tasks.errors import IncidentError
from tasks.models import Severity

SEVERITY_WORDS = {
    **dict.fromkeys(["critical", "page", "fatal", "p1", "emergency", "blocker"], Severity.CRITICAL),
    **dict.fromkeys(["error", "high", "major", "p2"], Severity.HIGH),
    **dict.fromkeys(["warning", "warn", "medium", "moderate", "p3"], Severity.MEDIUM),
    **dict.fromkeys(["low", "note", "minor", "p4"], Severity.LOW),
    **dict.fromkeys(["info", "informational", "debug", "none", "p5"], Severity.INFO),
}
MOST_SEVERE_FIRST = tuple(Severity)


def severity_of(word: object) -> Severity | None:
    """The severity that a sender's word means; None for no word or one that nobody agreed on."""
    return SEVERITY_WORDS.get(word.strip().lower()) if isinstance(word, str) else None


def parse_severity(word: str) -> Severity:
    """As `severity_of`, for an incident file, whose author can correct a word. Raises IncidentError."""
    severity = severity_of(word)
    if severity is None:
        choices = ", ".join(MOST_SEVERE_FIRST)
        raise IncidentError(
            f"unknown severity {word[:80]!r}; use one of {choices} (or a usual synonym such as P1 or warning)"
        )
    return severity
