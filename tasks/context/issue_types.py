"""What reporters call a fault, brought to the issue types that analysis and generation know."""

from __future__ import annotations

import builtins
import re

from tasks.errors import IncidentError
from tasks.models import IssueType

_SUFFIXES = re.compile(
    r"(?:ERROR|ISSUE|FAILURE|PROBLEM|BUG|FAULT|EXCEPTION|INCIDENT|ALERT|WARNING|FLAW|DEFECT)S?|VULNERABILIT(?:Y|IES)"
)

# Phrases in order of preference: the first one whose words all occur, next to each other, names the type.
_PHRASES: tuple[tuple[IssueType, str], ...] = (
    (
        IssueType.SECURITY_ISSUE,
        "INJECTION|SQLI|XSS|CSRF|SSRF|XXE|RCE|CVE|CWE|VULNERABLE|VULN|DESERIALIZATION|DESERIALISATION|SECRET|SECRETS"
        "|HARDCODED|HARD CODED|OPEN REDIRECT|CROSS SITE|SANITIZATION|EXPLOIT|KEY LEAK|TOKEN LEAK|CREDENTIAL LEAK",
    ),
    (
        IssueType.RATE_LIMIT_ERROR,
        "RATE LIMIT|RATE LIMITED|RATE LIMITING|RATELIMIT|THROTTLE|THROTTLED|THROTTLING|TOO MANY REQUESTS|QUOTA|429",
    ),
    (
        IssueType.ACCESS_CONTROL_ERROR,
        "ACCESS CONTROL|ACCESS DENIED|PERMISSION|PERMISSIONS|AUTHORIZATION|AUTHORISATION|FORBIDDEN|PRIVILEGE|RBAC|IDOR"
        "|PATH TRAVERSAL|DIRECTORY TRAVERSAL|403",
    ),
    (
        IssueType.ENCRYPTION_ERROR,
        "ENCRYPTION|DECRYPTION|CRYPTO|CRYPTOGRAPHY|CRYPTOGRAPHIC|CIPHER|HASHING|WEAK HASH|TLS|SSL|CERTIFICATE",
    ),
    (
        IssueType.AUTHENTICATION_ERROR,
        "AUTH|AUTHENTICATION|UNAUTHENTICATED|UNAUTHORIZED|UNAUTHORISED|LOGIN|TOKEN|SESSION|CREDENTIAL|CREDENTIALS"
        "|PASSWORD|OAUTH|JWT|SSO|401",
    ),
    (IssueType.SECURITY_ISSUE, "SECURITY"),
    (
        IssueType.DEADLOCK_ERROR,
        "DEADLOCK|DEADLOCKED|DEADLOCKS|LOCK WAIT|LOCK TIMEOUT|DATABASE LOCKED|DATABASE IS LOCKED",
    ),
    (IssueType.MIGRATION_ERROR, "MIGRATION|MIGRATIONS|MIGRATE|SCHEMA CHANGE|SCHEMA DRIFT|ALEMBIC|FLYWAY"),
    (IssueType.PERFORMANCE_ISSUE, "SLOW QUERY|SLOW QUERIES|N PLUS 1|N PLUS ONE|N 1"),
    (
        IssueType.RESOURCE_EXHAUSTION,
        "RESOURCE|RESOURCES|MEMORY|OOM|LEAK|DISK|FILE DESCRIPTOR|FILE DESCRIPTORS|EXHAUSTED|EXHAUSTION|SATURATION",
    ),
    (IssueType.CONNECTION_ERROR, "CONNECTION|CONNECTIONS|CONNECTIVITY|CONNECT"),
    (
        IssueType.RESPONSE_VALIDATION_ERROR,
        "RESPONSE VALIDATION|INVALID RESPONSE|SCHEMA VALIDATION|VALIDATION|SERIALIZATION|SERIALISATION|JSON|PAYLOAD",
    ),
    (IssueType.ENDPOINT_FAILURE, "ENDPOINT|ENDPOINTS|ROUTE|NOT FOUND|404"),
    (
        IssueType.PERFORMANCE_ISSUE,
        "PERFORMANCE|PERF|LATENCY|SLOW|SLOWNESS|CPU|THROUGHPUT|RESPONSE TIME|BOTTLENECK",
    ),
    (IssueType.QUERY_ERROR, "QUERY|QUERIES|SQL"),
    (
        IssueType.DATABASE_ERROR,
        "DATABASE|DB|POSTGRES|POSTGRESQL|MYSQL|MARIADB|SQLITE|ORACLE|MONGO|MONGODB|ORM|TRANSACTION|INTEGRITY"
        "|OPERATIONAL|SQLALCHEMY|REDIS",
    ),
    (
        IssueType.API_ERROR,
        "API|HTTP|HTTPS|REST|GRAPHQL|GRPC|REQUEST|REQUESTS|RESPONSE|TIMEOUT|TIMEOUTS|TIMED OUT|TIME OUT|GATEWAY"
        "|UPSTREAM|WEBHOOK|NETWORK|DNS|SOCKET|5XX|4XX|500|502|503|504|RETRY|CLIENT|SERVER",
    ),
    (
        IssueType.LOGIC_ERROR,
        "LOGIC|TEST|TESTS|ASSERTION|ASSERT|REGRESSION|INCORRECT|WRONG|CALCULATION|OFF BY ONE",
    ),
    (
        IssueType.RUNTIME_ERROR,
        "RUNTIME|CRASH|CRASHED|CRASHES|CRASHLOOP|UNHANDLED|UNCAUGHT|TRACEBACK|PANIC|NULL POINTER|SEGFAULT|TYPE|KEY"
        "|VALUE|INDEX|ATTRIBUTE|NAME|IMPORT|MODULE|RECURSION|ZERO DIVISION|SYNTAX|GENERAL|GENERIC|APPLICATION"
        "|EXCEPTION|ERROR|BUG|FAILURE|FAULT|DEFECT",
    ),
    (IssueType.UNKNOWN, "UNKNOWN|OTHER|UNSPECIFIED|UNCLASSIFIED"),
)

_PYTHON_EXCEPTIONS = {
    "TimeoutError": IssueType.API_ERROR,
    "ConnectionError": IssueType.CONNECTION_ERROR,
    "ConnectionRefusedError": IssueType.CONNECTION_ERROR,
    "ConnectionResetError": IssueType.CONNECTION_ERROR,
    "ConnectionAbortedError": IssueType.CONNECTION_ERROR,
    "BrokenPipeError": IssueType.CONNECTION_ERROR,
    "PermissionError": IssueType.ACCESS_CONTROL_ERROR,
    "MemoryError": IssueType.RESOURCE_EXHAUSTION,
    "AssertionError": IssueType.LOGIC_ERROR,
}
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_MAX_CHARS = 200


def parse_issue_type(text: str) -> IssueType:
    """The issue type that `text` means: a name, a synonym, or the name of an exception, in any case and spelling.

    Raises IncidentError that names the value and the valid ones for a word that says nothing about a fault.
    """
    python_type = _python_exception(text)
    if python_type is not None:
        return python_type
    words = _words(text)
    exact = _exact(words)
    if exact is not None:
        return exact
    if not words:
        raise _unknown(text)
    joined = f" {' '.join(_without_suffix(words))} "
    for issue_type, phrases in _PHRASES:
        if any(f" {phrase} " in joined for phrase in phrases.split("|")):
            return issue_type
    raise _unknown(text)


def _python_exception(text: str) -> IssueType | None:
    name = text.strip().rpartition(".")[2]
    known = getattr(builtins, name, None) if name.isidentifier() else None
    if isinstance(known, type) and issubclass(known, BaseException):
        return _PYTHON_EXCEPTIONS.get(name, IssueType.RUNTIME_ERROR)
    return None


def _words(text: str) -> list[str]:
    split = _CAMEL.sub(" ", text[:_MAX_CHARS]) if not text.isupper() else text[:_MAX_CHARS]
    return [word.upper() for word in re.split(r"[^A-Za-z0-9]+", split) if word]


def _without_suffix(words: list[str]) -> list[str]:
    kept = list(words)
    while len(kept) > 1 and _SUFFIXES.fullmatch(kept[-1]):
        kept.pop()
    return kept


def _exact(words: list[str]) -> IssueType | None:
    """A member's own name, run together or with another suffix: `ApiFailure` and `APIERROR` are `API_ERROR`."""
    for kind in IssueType:
        own = kind.value.split("_")
        if words and ("".join(words) == "".join(own) or _without_suffix(words) == _without_suffix(own)):
            return kind
    return None


def _unknown(text: str) -> IncidentError:
    choices = ", ".join(kind.value for kind in IssueType)
    return IncidentError(
        f"unknown issue type {text[:80]!r}; use one of {choices}, or leave it out to have it classified"
    )
