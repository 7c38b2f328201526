"""What kind of fault an incident reports."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tasks.analysis.domain import libraries_of
from tasks.analysis.failures import TestFailure
from tasks.context.display import one_line
from tasks.context.outline import Sources
from tasks.models import Domain, Evidence, ExceptionInfo, Incident, IssueType, Suspect

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
_BOUNDARY = frozenset({
    "TimeoutError", "ConnectionError", "ConnectionRefusedError", "ConnectionResetError", "ConnectionAbortedError",
    "BrokenPipeError", "socket.timeout", "asyncio.TimeoutError", "asyncio.exceptions.TimeoutError",
})  # fmt: skip
_AT_BOUNDARY = {Domain.DATABASE: IssueType.CONNECTION_ERROR, Domain.API: IssueType.API_ERROR}


def classify(
    incident: Incident, suspects: Sequence[Suspect], sources: Sources, failures: Sequence[TestFailure]
) -> tuple[IssueType, tuple[Evidence, ...]]:
    """The issue type and what speaks for it: as reported, else by finding, exception, words, then failing tests.

    What the first suspected file imports decides where an exception alone does not tell a database from an API.
    """
    if incident.type not in (None, IssueType.UNKNOWN):
        return incident.type, (Evidence(kind="label", detail=f"reported as {incident.type}"),)
    if incident.locations:
        rule = incident.locations[0].rule_id or "a finding"
        return _of_rule(rule), (Evidence(kind="rule", detail=f"static analysis reports {rule}"),)
    for exception in reversed(incident.exceptions):
        found = _at_boundary(exception, suspects, sources) or _of_exception(exception)
        if found:
            return found
    words = _by_words(f"{incident.title}\n{incident.description}\n{incident.logs}"[:_LONGEST_TEXT])
    if words and not incident.exceptions:
        return words[0], (Evidence(kind="words", detail=f"the report says {words[1]!r}", weight=0.6),)
    return _by_exception(incident.exceptions) or _by_tests(failures)


def _at_boundary(
    exception: ExceptionInfo, suspects: Sequence[Suspect], sources: Sources
) -> tuple[IssueType, tuple[Evidence, ...]] | None:
    """A builtin exception of waiting or connecting, told apart by what the file that met it talks to."""
    if exception.type not in _BOUNDARY or not suspects:
        return None
    seen = Evidence(kind="exception", detail=f"{exception.type} comes from waiting for something outside", weight=0.5)
    for module, domain in libraries_of(suspects[0], sources):
        if domain in _AT_BOUNDARY:
            detail = f"{suspects[0].path} imports {module}"
            return _AT_BOUNDARY[domain], (seen, Evidence(kind="import", detail=detail, weight=0.5))
    return None


def _of_exception(exception: ExceptionInfo) -> tuple[IssueType, tuple[Evidence, ...]] | None:
    found = _by_words(f"{exception.type}: {exception.message}")
    if found is None:
        return None
    return found[0], (Evidence(kind="exception", detail=f"{exception.type or 'an exception'} speaks of {found[1]!r}"),)


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


def _by_exception(exceptions: Sequence[ExceptionInfo]) -> tuple[IssueType, tuple[Evidence, ...]] | None:
    if not exceptions:
        return None
    last = exceptions[-1]
    if last.type == "AssertionError":
        return IssueType.LOGIC_ERROR, (Evidence(kind="exception", detail="an assertion failed"),)
    return IssueType.RUNTIME_ERROR, (Evidence(kind="exception", detail=f"{last.type or 'an exception'} was raised"),)


def _by_tests(failures: Sequence[TestFailure]) -> tuple[IssueType, tuple[Evidence, ...]]:
    crash = next((failure for failure in failures if failure.crashed), None)
    if crash is not None and all(failure.crashed for failure in failures):
        detail = f"{one_line(crash.test) or 'a test'} crashes with {crash.exceptions[-1].type or 'an exception'}"
        return IssueType.RUNTIME_ERROR, (Evidence(kind="test", detail=detail, weight=0.5),)
    if failures:
        detail = f"{one_line(failures[0].test) or 'a test'} expects another result"
        return IssueType.LOGIC_ERROR, (Evidence(kind="test", detail=detail, weight=0.5),)
    return IssueType.LOGIC_ERROR, (Evidence(kind="words", detail="nothing names another kind", weight=0.3),)
