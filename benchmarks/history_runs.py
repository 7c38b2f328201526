"""A finished run of ordinary size, made up, for measuring what history costs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tasks.models import (
    Analysis,
    CandidatePatch,
    Complexity,
    Domain,
    Evidence,
    FileEdit,
    Hypothesis,
    Incident,
    IssueType,
    Judgement,
    Level,
    LevelResult,
    RemediationResult,
    RepositoryContext,
    RunMetrics,
    Severity,
    Status,
    Suspect,
    Technique,
    TestEvidence,
    TestRun,
    ValidationFeedback,
    ValidationIssue,
    ValidationResult,
)

SOURCE = "".join(f"def step_{number}(order):\n    return order.total * {number}\n\n\n" for number in range(150))


@dataclass(frozen=True)
class FinishedRun:
    result: RemediationResult
    repository: RepositoryContext
    judgements: tuple[Judgement, ...]


def finished_run() -> FinishedRun:
    """Five candidates in a file of 600 lines; the last one is the fix."""
    judgements = tuple(_judgement(number, is_fix=number == 5) for number in range(1, 6))
    chosen = judgements[-1]
    suspect = Suspect(
        path="shop/orders.py",
        function="step_5",
        line=21,
        score=0.6,
        reasons=(Evidence(kind="stack-frame", detail="x"),),
    )
    result = RemediationResult(
        status=Status.FIXED,
        reason="the failing tests pass and nothing else broke",
        incident=Incident(id="inc-1", title="TypeError: unsupported operand", service="shop", fingerprint="ab" * 16),
        analysis=Analysis(
            issue_type=IssueType.RUNTIME_ERROR,
            severity=Severity.HIGH,
            domain=Domain.GENERAL,
            complexity=Complexity.SIMPLE,
            root_cause="an order without a total",
            hypotheses=(Hypothesis(statement="an order without a total", confidence=0.7, suspect=suspect),) * 3,
            suspects=(suspect,) * 5,
            strategy="crash-templates-first",
            strategy_reason="the trace ends in the repository",
            confidence=0.7,
        ),
        patch="--- a/shop/orders.py\n+++ b/shop/orders.py\n" + "+    line\n" * 20,
        candidate=chosen.candidate,
        validation_result=chosen.validation,
        evidence=chosen.evidence,
        metrics=RunMetrics(
            duration_s=12.0, candidates_tried=97, test_runs=12, attempts=2, cache_lookups=2, stage_s={"generation": 9.0}
        ),
    )
    repository = RepositoryContext(root=Path("/srv/shop"), commit="c" * 40, source_files=("shop/orders.py",))
    return FinishedRun(result, repository, judgements)


def _judgement(number: int, *, is_fix: bool) -> Judgement:
    after = SOURCE.replace(f"order.total * {number}\n", f"(order.total or 0) * {number}\n")
    candidate = CandidatePatch(
        edits=(FileEdit(path="shop/orders.py", before=SOURCE, after=after),),
        technique=Technique.CRASH_TEMPLATE,
        rule="default_for_none",
        description="Use 0 where the total is None.",
        confidence=0.6,
    )
    issue = ValidationIssue(level=Level.PATTERNS, code="undefined-name", severity="error", message="undefined name")
    return Judgement(
        candidate=candidate,
        status=Status.FIXED if is_fix else Status.UNFIXED,
        reason="as judged",
        validation=ValidationResult(
            is_valid=is_fix,
            score=0.9,
            levels={level: LevelResult(level=level, passed=True, score=1.0, duration_ms=5.0) for level in Level},
            issues=() if is_fix else (issue, issue),
        ),
        evidence=TestEvidence(after=TestRun(command=("pytest", "-q"), passed=120, exit_code=0, sandbox="bubblewrap")),
        feedback=ValidationFeedback(candidate_id=candidate.id),
    )
