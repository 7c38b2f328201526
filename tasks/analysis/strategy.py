"""Which technique to try first, and why."""

from __future__ import annotations

from collections.abc import Sequence

from tasks.analysis.failures import TestFailure
from tasks.context.display import one_line
from tasks.context.frames import map_frames
from tasks.models import Domain, Incident, IssueType, RepositoryContext, Strategy, TestRun

_HARDENING = frozenset({
    IssueType.DEADLOCK_ERROR, IssueType.CONNECTION_ERROR, IssueType.RATE_LIMIT_ERROR, IssueType.QUERY_ERROR,
    IssueType.RESOURCE_EXHAUSTION, IssueType.MIGRATION_ERROR,
})  # fmt: skip
_KNOWN_FAULTS = ("OperationalError", "ProgrammingError", "Timeout", "TimeoutError", "ConnectionError", "SSLError")


def choose_strategy(
    incident: Incident,
    repository: RepositoryContext,
    issue_type: IssueType,
    baseline: TestRun | None,
    failures: Sequence[TestFailure],
) -> tuple[Strategy, str]:
    """The strategy, and in one clause what it was chosen for."""
    known = _known_pattern(incident, issue_type)
    if known:
        return Strategy.CODEMODS_FIRST, known
    if incident.exceptions and any(
        reason.kind == "stack-frame" for item in repository.suspects for reason in item.reasons
    ):
        return Strategy.CRASH_TEMPLATES_FIRST, f"{_kinds(incident)[-1] or 'an exception'} was raised at a known line"
    crashes = [failure for failure in failures if failure.crashed and _is_inside(failure, repository)]
    if crashes:
        kind = crashes[0].exceptions[-1].type or "an exception"
        return (
            Strategy.CRASH_TEMPLATES_FIRST,
            f"{one_line(crashes[0].test) or 'a test'} crashes with {kind} at a known line",
        )
    if baseline and baseline.failing:
        return Strategy.SEARCH_FIRST, f"{len(baseline.failing)} tests fail, and they can judge candidates"
    return Strategy.CODEMODS_FIRST, "nothing but the report's words is known, and codemods need no failing test"


def _known_pattern(incident: Incident, issue_type: IssueType) -> str | None:
    """Why codemods, which mend known patterns exactly, should go first; None when no pattern is in sight."""
    if incident.locations:
        return "a static finding names a rule, and codemods mend known rules exactly"
    if issue_type.domain in (Domain.SECURITY, Domain.PERFORMANCE):
        return f"{issue_type.domain} faults follow known patterns, which codemods rewrite"
    if issue_type in _HARDENING or any(kind.endswith(_KNOWN_FAULTS) for kind in _kinds(incident)):
        return "the report speaks of a fault at a service boundary, which codemods harden"
    return None


def _kinds(incident: Incident) -> list[str]:
    return [exception.type.rpartition(".")[2] for exception in incident.exceptions]


def _is_inside(failure: TestFailure, repository: RepositoryContext) -> bool:
    """Whether the repository's own sources broke down: neither the test itself, nor a refusal that they spell out."""
    frames = map_frames(failure.exceptions, repository.source_files, repository.root)
    return bool(frames) and not (frames[-1].reported.code or "").startswith("raise")
