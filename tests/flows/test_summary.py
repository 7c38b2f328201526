"""The page that a reviewer reads; foreign text in it stays text."""

from __future__ import annotations

from markdown_it import MarkdownIt

from flows.summary import fenced, summary, text
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
    Level,
    LevelResult,
    RemediationResult,
    RunMetrics,
    Severity,
    Status,
    Suspect,
    Technique,
    TestEvidence,
    TestRun,
    ValidationIssue,
    ValidationResult,
)

HOSTILE = "<script>alert(1)</script> [click](javascript:x) | `x` **b**\n# heading"


def example(title: str = "Checkout answers 500", patch: str = "-old\n+new\n") -> RemediationResult:
    suspect = Suspect(path="shop/discounts.py", function="loyalty_rate", line=12, score=0.8)
    run = TestRun(command=("python", "-m", "pytest"), passed=5, failed=1, duration_s=0.4)
    edit = FileEdit(path="shop/discounts.py", before="old\n", after="new\n")
    issue = ValidationIssue(level=Level.PATTERNS, code="naming", severity="info", message=title, path="a.py", line=3)
    return RemediationResult(
        status=Status.FIXED,
        reason="test_guest failed before and passes now",
        incident=Incident(
            id="i", title=title, service="shop", severity=Severity.HIGH, links=("https://example.org/7",)
        ),
        analysis=Analysis(
            issue_type=IssueType.API_ERROR,
            severity=Severity.HIGH,
            domain=Domain.API,
            complexity=Complexity.SIMPLE,
            root_cause=title,
            hypotheses=(Hypothesis(statement=title, confidence=0.7, evidence=(Evidence(kind="frame", detail=title),)),),
            suspects=(suspect,),
            strategy="crash-templates-first",
            strategy_reason="a traceback names the line",
            confidence=0.7,
        ),
        patch=patch,
        candidate=CandidatePatch(
            edits=(edit,), technique=Technique.CRASH_TEMPLATE, rule="guard_none", description=title, confidence=0.8
        ),
        validation_result=ValidationResult(
            is_valid=True,
            score=0.97,
            levels={Level.SYNTAX: LevelResult(level=Level.SYNTAX, passed=True, score=1.0)},
            issues=(issue,),
        ),
        evidence=TestEvidence(before=run, after=run.model_copy(update={"passed": 6, "failed": 0}), fixed_tests=("t",)),
        alternatives=(Alternative(rule="r", description=title, confidence=0.3, patch=patch, is_valid=True),),
        metrics=RunMetrics(duration_s=3.2, candidates_tried=4, test_runs=9, stage_s={"context": 0.1}),
        notes=(title,),
    )


def rendered(markdown: str) -> str:
    return MarkdownIt("commonmark", {"html": True}).enable("table").render(markdown)


def test_tells_in_the_order_in_which_a_reviewer_asks() -> None:
    page = summary(example(), "3f2c1a9b7d6e5f40")
    order = [
        "# Fixed",
        "## Root cause",
        "## Patch",
        "## Tests",
        "## Validation",
        "## Alternatives",
        "## Cost",
        "## Links",
    ]
    places = [page.index(f"{heading}") for heading in order]
    assert places == sorted(places)
    assert "| before | 5 | 1 | 0 | 0 | 0.4 |" in page
    assert "| after | 6 | 0 | 0 | 0 | 0.4 |" in page
    assert "Confidence 70 %" in page
    assert "3f2c1a9b7d6e" in page


def test_tables_are_tables() -> None:
    html = rendered(summary(example()))
    assert html.count("<table>") == 5


def test_hostile_text_brings_no_markup() -> None:
    html = rendered(summary(example(title=HOSTILE)))
    for tag in ("<script", "<a href", "<strong>b", "heading</h1>"):
        assert tag not in html
    assert html.count("<table>") == 5


def test_a_patch_cannot_close_its_fence() -> None:
    html = rendered(summary(example(patch="+```\n+# not a heading\n+<script>\n")))
    assert "<script>" not in html
    assert "not a heading</h1>" not in html


def test_a_result_without_a_patch_says_so_plainly() -> None:
    result = RemediationResult(
        status=Status.UNFIXED, reason="none of 40 candidates held", incident=Incident(id="i", title="t")
    )
    page = summary(result)
    assert page.startswith("# Unfixed")
    assert "## Patch" not in page
    assert "No tests were run" in page


def test_fence_is_longer_than_any_in_the_text() -> None:
    assert fenced("a ```` b").startswith("`````\n")
    assert text("a\nb") == "a b"
