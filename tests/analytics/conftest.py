from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from analytics.events import Generation
from analytics.ids import uuid7
from tasks.models import (
    Alternative,
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


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def make_generation():
    def make(**fields: object) -> Generation:
        history_id = uuid7()
        return Generation.model_validate(
            {
                "id": history_id,
                "history_id": history_id,
                "started_at": datetime.now(UTC),
                "incident_id": "inc-1",
                "title": "KeyError in checkout",
                "incident_source": "incident",
                "issue_type": "RUNTIME_ERROR",
                "severity": "high",
                "domain": "general",
                "engine": "embedded",
                "status": "fixed",
                "duration_s": 2.0,
                **fields,
            }
        )

    return make


def candidate(rule: str, after: str) -> CandidatePatch:
    return CandidatePatch(
        edits=(FileEdit(path="app/cart.py", before="a = 1\nb = 2\nc = 3\n", after=after),),
        technique=Technique.CRASH_TEMPLATE,
        rule=rule,
        description=f"Apply {rule}.",
        generator="api",
        confidence=0.7,
        suspicions=("swallows the exception",) if rule == "except_tuple" else (),
    )


def judgement(patch: CandidatePatch, status: Status) -> Judgement:
    is_valid = status is Status.FIXED
    issue = ValidationIssue(
        level=Level.SECURITY, code="B110", severity="warning", message="try, except, pass", path="app/cart.py", line=2
    )
    return Judgement(
        candidate=patch,
        status=status,
        reason="as judged",
        validation=ValidationResult(
            is_valid=is_valid,
            score=0.9 if is_valid else 0.4,
            levels={
                Level.SYNTAX: LevelResult(level=Level.SYNTAX, passed=True, score=1.0, duration_ms=4.0),
                Level.SECURITY: LevelResult(level=Level.SECURITY, passed=is_valid, score=0.5),
                Level.PERFORMANCE: LevelResult(level=Level.PERFORMANCE, passed=True, score=1.0, skipped="switched off"),
            },
            issues=() if is_valid else (issue,),
        ),
        evidence=TestEvidence(
            before=TestRun(command=("pytest",), passed=3, failed=1, failing=("t::a",), exit_code=1, sandbox="rlimits"),
            after=TestRun(command=("pytest",), passed=4, exit_code=0, output_tail="4 passed"),
            fixed_tests=("t::a",),
        ),
        feedback=ValidationFeedback(candidate_id=patch.id),
    )


@pytest.fixture
def judgements() -> tuple[Judgement, ...]:
    """The first turned away, the second fixed."""
    return (
        judgement(candidate("except_tuple", "a = 1\nb = 3\nc = 3\n"), Status.UNFIXED),
        judgement(candidate("get_with_default", "a = 1\nb = 2\nx = 0\nc = 4\n"), Status.FIXED),
    )


@pytest.fixture
def result(judgements: tuple[Judgement, ...]) -> RemediationResult:
    _, chosen = judgements
    suspect = Suspect(
        path="app/cart.py", function="total", line=2, score=1.0, reasons=(Evidence(kind="stack-frame", detail="x"),)
    )
    return RemediationResult(
        status=Status.FIXED,
        reason="all levels passed",
        incident=Incident(id="inc-7", title="KeyError: 'price'", service="shop", fingerprint="f1"),
        analysis=Analysis(
            issue_type=IssueType.RUNTIME_ERROR,
            severity=Severity.HIGH,
            domain=Domain.GENERAL,
            complexity=Complexity.SIMPLE,
            root_cause="a cart without a price",
            hypotheses=(Hypothesis(statement="a cart without a price", confidence=0.8, suspect=suspect),),
            suspects=(suspect,),
            strategy="crash-templates-first",
            strategy_reason="the trace ends in the repository",
            confidence=0.8,
        ),
        patch="--- a/app/cart.py\n+++ b/app/cart.py\n",
        candidate=chosen.candidate,
        validation_result=chosen.validation,
        evidence=chosen.evidence,
        alternatives=(
            Alternative(
                rule="except_tuple",
                description="Apply except_tuple.",
                confidence=0.2,
                patch="--- other\n",
                is_valid=False,
            ),
        ),
        metrics=RunMetrics(
            duration_s=3.5,
            candidates_tried=40,
            test_runs=6,
            attempts=2,
            cost_usd=0.0123,
            cache_hits=2,
            cache_lookups=3,
            stage_s={"context": 0.5, "generation": 3.0},
        ),
    )


@pytest.fixture
def repository(tmp_path: Path) -> RepositoryContext:
    return RepositoryContext(root=tmp_path / "shop", commit="c" * 40, source_files=("app/cart.py",))
