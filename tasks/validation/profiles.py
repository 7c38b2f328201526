"""Compliance profiles: named sets of rules that count as errors, whatever weight they have otherwise."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase

from tasks.errors import ConfigurationError
from tasks.models import ValidationIssue

PROFILES: dict[str, tuple[str, ...]] = {
    # https://owasp.org/Top10: injection, broken access control, cryptographic failures, misconfiguration, logging ...
    "owasp-top-10": (
        "*-injection", "path-traversal", "request-forgery", "open-*", "cross-site-scripting", "csrf-off", "xml-*",
        "unsafe-deserialization", "unverified-token", "hard-coded-credential", "tls-not-verified", "stack-trace-shown",
        "B104", "B105", "B106", "B107", "B113", "B308", "B310", "B311", "B314", "B318", "B601", "B604", "B610", "B703",
        "B704",
    ),
    # PCI DSS 4.0: requirements 2 (defaults), 3 and 4 (stored and sent data), 6.2.4 (coding), 8.3 (authentication)
    "pci": (
        "hard-coded-credential", "B105", "B106", "B107", "tls-not-verified", "old-tls", "cleartext-login",
        "broken-cipher", "ecb-mode", "fixed-*", "few-rounds", "plain-password-hash", "encoded-password",
        "predictable-secret", "B311", "B321", "*-injection", "cross-site-scripting", "open-cookie", "dependency-*",
    ),
    "strict-typing": ("untyped-function", "any-annotation"),
    "finished-work": ("unfinished-note", "unused-*", "no-docstring", "ERA001"),
}  # fmt: skip


def known_profiles(names: Iterable[str]) -> tuple[str, ...]:
    """`names` as they are; raises ConfigurationError for one that does not exist."""
    chosen = tuple(names)
    for name in chosen:
        if name not in PROFILES:
            raise ConfigurationError(f"no compliance profile {name!r}; there are {', '.join(sorted(PROFILES))}")
    return chosen


def raise_severity(issue: ValidationIssue, profiles: Iterable[str]) -> ValidationIssue:
    """The issue as an error when one of `profiles` demands its rule."""
    if issue.severity == "error":
        return issue
    for name in profiles:
        if any(fnmatchcase(issue.code, pattern) for pattern in PROFILES[name]):
            return issue.model_copy(update={"severity": "error", "message": f"{issue.message} (profile {name})"})
    return issue
