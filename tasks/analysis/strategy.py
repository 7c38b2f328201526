"""Which technique to try first, and why."""

from __future__ import annotations

from tasks.models import Domain, Incident, IssueType, RepositoryContext, Strategy, TestRun

_HARDENING = frozenset({
    IssueType.DEADLOCK_ERROR, IssueType.CONNECTION_ERROR, IssueType.RATE_LIMIT_ERROR, IssueType.QUERY_ERROR,
    IssueType.RESOURCE_EXHAUSTION, IssueType.MIGRATION_ERROR,
})  # fmt: skip
_KNOWN_FAULTS = ("OperationalError", "ProgrammingError", "Timeout", "TimeoutError", "ConnectionError", "SSLError")


def choose_strategy(
    incident: Incident, repository: RepositoryContext, issue_type: IssueType, baseline: TestRun | None
) -> tuple[Strategy, str]:
    if incident.locations:
        return Strategy.CODEMODS_FIRST, "a static finding names a rule, and codemods mend known rules exactly"
    if issue_type.domain in (Domain.SECURITY, Domain.PERFORMANCE):
        return Strategy.CODEMODS_FIRST, f"{issue_type.domain} faults follow known patterns, which codemods rewrite"
    kinds = [exception.type.rpartition(".")[2] for exception in incident.exceptions]
    if issue_type in _HARDENING or any(kind.endswith(_KNOWN_FAULTS) for kind in kinds):
        return Strategy.CODEMODS_FIRST, "the report speaks of a fault at a service boundary, which codemods harden"
    if kinds and any(reason.kind == "stack-frame" for item in repository.suspects for reason in item.reasons):
        return Strategy.CRASH_TEMPLATES_FIRST, f"{kinds[-1] or 'an exception'} was raised at a known line"
    if baseline and baseline.failing:
        return Strategy.SEARCH_FIRST, f"{len(baseline.failing)} tests fail, and they can judge candidates"
    return Strategy.CODEMODS_FIRST, "nothing but the report's words is known, and codemods need no failing test"
