"""Names that reporters give a fault."""

from __future__ import annotations

import pytest

from tasks.context.issue_types import parse_issue_type
from tasks.errors import IncidentError
from tasks.models import IssueType


@pytest.mark.parametrize("kind", list(IssueType))
@pytest.mark.parametrize("spell", [str.upper, str.lower, str.title, lambda name: name.replace("_", "-").lower()])
def test_takes_every_own_name_in_any_spelling(kind: IssueType, spell: object) -> None:
    assert callable(spell)
    assert parse_issue_type(f" {spell(kind.value)} ") is kind
    assert parse_issue_type(kind.value.replace("_", " ")) is kind
    assert parse_issue_type(kind.value.replace("_", "")) is kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        *[(word, "API_ERROR") for word in ("api", "API_FAILURE", "api-problem", "HTTP_ERROR", "TIMEOUT", "HTTP_500")],
        *[(word, "AUTHENTICATION_ERROR") for word in ("AUTH", "AUTH_ERROR", "login failure", "expired token")],
        *[(word, "RATE_LIMIT_ERROR") for word in ("RATE_LIMIT", "throttling", "Too many requests", "HTTP 429")],
        *[("endpoint error", "ENDPOINT_FAILURE"), ("RESPONSE_VALIDATION", "RESPONSE_VALIDATION_ERROR")],
        *[(word, "DATABASE_ERROR") for word in ("DB", "db_issue", "IntegrityError", "sqlite3.OperationalError")],
        *[(word, "QUERY_ERROR") for word in ("SQL_ERROR", "sql", "query-failure")],
        *[
            ("DEADLOCK", "DEADLOCK_ERROR"),
            ("DATABASE_DEADLOCK", "DEADLOCK_ERROR"),
            ("schema change", "MIGRATION_ERROR"),
        ],
        *[("CONNECTION_TIMEOUT", "CONNECTION_ERROR"), ("ConnectionResetError", "CONNECTION_ERROR")],
        *[(word, "SECURITY_ISSUE") for word in ("SQL_INJECTION", "INJECTION", "XSS", "SECURITY_VULNERABILITY")],
        *[(word, "SECURITY_ISSUE") for word in ("security", "CVE-2024-1", "hardcoded password", "token leak")],
        *[(word, "ACCESS_CONTROL_ERROR") for word in ("permission denied", "PermissionError", "path traversal")],
        *[("weak hash", "ENCRYPTION_ERROR"), ("TLS", "ENCRYPTION_ERROR")],
        *[(word, "PERFORMANCE_ISSUE") for word in ("PERF", "PERFORMANCE_PROBLEM", "high latency", "N+1 queries")],
        *[(word, "RESOURCE_EXHAUSTION") for word in ("MEMORY", "MEMORY_LEAK", "MemoryError", "disk full")],
        *[(word, "RUNTIME_ERROR") for word in ("CRASH", "EXCEPTION", "KeyError", "error", "UnhandledException", "BUG")],
        *[(word, "LOGIC_ERROR") for word in ("TEST_FAILURE", "AssertionError", "LOGIC_BUG")],
        ("other", "UNKNOWN"),
    ],
)
def test_knows_the_words_that_reporters_use(text: str, kind: str) -> None:
    assert parse_issue_type(text).value == kind


@pytest.mark.parametrize("text", ["BANANA", "BANANA_ERROR", "", "   ", "!!!", "capital", "42"])
def test_refuses_a_word_that_says_nothing(text: str) -> None:
    with pytest.raises(IncidentError) as caught:
        parse_issue_type(text)
    assert repr(text) in str(caught.value)
    assert all(kind.value in str(caught.value) for kind in IssueType)
