"""What kind of fault an incident reports."""

from __future__ import annotations

import re

from tasks.models import Evidence, ExceptionInfo, Incident, IssueType

_EXCEPTIONS: tuple[tuple[str, IssueType], ...] = (
    (r"deadlock|serialization ?failure|lock wait timeout|database is locked", IssueType.DEADLOCK_ERROR),
    (r"too many connections|queuepool|pool.*(?:timeout|exhaust)|connection pool", IssueType.CONNECTION_ERROR),
    (r"sqlite3\.|psycopg|sqlalchemy|pymysql|mysqldb|asyncpg|django\.db|programmingerror|integrityerror|no such table"
     r"|operationalerror", IssueType.DATABASE_ERROR),
    (r"migration|alembic", IssueType.MIGRATION_ERROR),
    (r"\b429\b|too many requests|rate.?limit", IssueType.RATE_LIMIT_ERROR),
    (r"\b40[13]\b|unauthori[sz]ed|forbidden|invalid.?token|token.?expired|authentication",
     IssueType.AUTHENTICATION_ERROR),
    (r"jsondecodeerror|validationerror|unexpected response|schema mismatch", IssueType.RESPONSE_VALIDATION_ERROR),
    (r"connectionerror|connecttimeout|readtimeout|httperror|requests\.exceptions|httpx\.|aiohttp|\b50[0234]\b"
     r"|bad gateway|endpoint|\bapi\b", IssueType.API_ERROR),
    (r"injection|\bxss\b|csrf|vulnerab|\bcve-|traversal|deserial|\bsecret\b|exploit", IssueType.SECURITY_ISSUE),
    (r"memoryerror|out of memory|oomkilled|too many open files|disk full|no space left", IssueType.RESOURCE_EXHAUSTION),
    (r"slow|latency|timed? ?out|high cpu|p9[59]|performance|quadratic", IssueType.PERFORMANCE_ISSUE),
)  # fmt: skip
_PATTERNS = tuple((re.compile(pattern, re.IGNORECASE), kind) for pattern, kind in _EXCEPTIONS)
_LONGEST_TEXT = 20_000


def classify(incident: Incident) -> tuple[IssueType, tuple[Evidence, ...]]:
    """The issue type and what speaks for it: as reported, else by finding, exception, then words."""
    if incident.type not in (None, IssueType.UNKNOWN):
        return incident.type, (Evidence(kind="label", detail=f"reported as {incident.type}"),)
    if incident.locations:
        rule = incident.locations[0].rule_id or "a finding"
        return _of_rule(rule), (Evidence(kind="rule", detail=f"static analysis reports {rule}"),)
    for exception in reversed(incident.exceptions):
        found = _by_words(f"{exception.type}: {exception.message}")
        if found:
            return found[0], (Evidence(kind="exception", detail=f"{exception.type} speaks of {found[1]!r}"),)
    text = f"{incident.title}\n{incident.description}\n{incident.logs}"[:_LONGEST_TEXT]
    found = _by_words(text)
    if found and not incident.exceptions:
        return found[0], (Evidence(kind="words", detail=f"the report says {found[1]!r}", weight=0.6),)
    return _by_exception(incident.exceptions)


def _of_rule(rule: str) -> IssueType:
    """Findings are security faults unless the rule's family says otherwise: ruff's PERF, pyflakes' F."""
    if rule.startswith("PERF"):
        return IssueType.PERFORMANCE_ISSUE
    return IssueType.RUNTIME_ERROR if re.fullmatch(r"F\d{3}", rule) else IssueType.SECURITY_ISSUE


def _by_words(text: str) -> tuple[IssueType, str] | None:
    for pattern, kind in _PATTERNS:
        match = pattern.search(text)
        if match:
            return kind, match[0]
    return None


def _by_exception(exceptions: tuple[ExceptionInfo, ...]) -> tuple[IssueType, tuple[Evidence, ...]]:
    if not exceptions:
        return IssueType.LOGIC_ERROR, (Evidence(kind="words", detail="nothing names another kind", weight=0.3),)
    last = exceptions[-1]
    if last.type == "AssertionError":
        return IssueType.LOGIC_ERROR, (Evidence(kind="exception", detail="an assertion failed"),)
    return IssueType.RUNTIME_ERROR, (Evidence(kind="exception", detail=f"{last.type or 'an exception'} was raised"),)
