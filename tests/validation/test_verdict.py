"""`fixed` asks for proof; the reason names what is missing."""

import pytest

from tasks.models import (
    CandidatePatch,
    FileEdit,
    Level,
    Status,
    Technique,
    TestEvidence,
    TestRun,
    ValidationIssue,
    ValidationResult,
)
from tasks.validation.feedback import feedback_for
from tasks.validation.verdict import judge

EDIT = FileEdit(path="a.py", before="x = 1\n", after="x = 2\n")
VALID = ValidationResult(is_valid=True, score=1.0)
RED = TestRun(command=("pytest",), passed=3, failed=1, failing=("t.py::test_x",), exit_code=1)
GREEN = TestRun(command=("pytest",), passed=4, exit_code=0)
PROOF = TestEvidence(before=RED, after=GREEN, fixed_tests=("t.py::test_x",))


def candidate(**changes) -> CandidatePatch:
    given = {"edits": (EDIT,), "technique": Technique.SEARCH, "rule": "r", "description": "d", "confidence": 0.9}
    return CandidatePatch(**{**given, **changes})


def issue(code: str, severity: str = "error", level: Level = Level.SECURITY) -> ValidationIssue:
    return ValidationIssue(
        level=level, code=code, severity=severity, message=f"says {code}", path="a.py", line=1, suggestion="mend it"
    )


def test_a_test_that_passes_now_proves_a_confident_candidate():
    status, reason = judge(candidate(), VALID, PROOF)
    assert status is Status.FIXED
    assert "t.py::test_x failed before and passes now" in reason


@pytest.mark.parametrize(
    ("changes", "evidence", "missing"),
    [
        ({"confidence": 0.5}, PROOF, "confidence 0.50 is below"),
        ({"suspicions": ("swallows the exception",)}, PROOF, "swallows the exception"),
        ({}, TestEvidence(before=RED, after=RED), "no test that failed before passes now"),
        ({}, TestEvidence(), "no test that failed before passes now"),
        ({}, PROOF.model_copy(update={"changed_lines_covered": 0.2}), "only 20% of the changed lines"),
        ({}, PROOF.model_copy(update={"after": GREEN.model_copy(update={"flaky": ("t.py::test_x",)})}), "no test"),
        (
            {},
            PROOF.model_copy(update={"after": RED.model_copy(update={"failing": ("t.py::test_y",)})}),
            "t.py::test_y fails as before",
        ),
    ],
)
def test_names_the_proof_that_is_missing(changes, evidence, missing):
    status, reason = judge(candidate(**changes), VALID, evidence)
    assert status is Status.PLAUSIBLE
    assert missing in reason


def test_without_validation_nothing_is_fixed():
    assert judge(candidate(), None, PROOF)[0] is Status.PLAUSIBLE


@pytest.mark.parametrize(
    ("validation", "evidence", "reason"),
    [
        (VALID.model_copy(update={"is_valid": False, "issues": (issue("B602"),)}), PROOF, "says B602 [B602]"),
        (VALID, PROOF.model_copy(update={"broken_tests": ("t.py::test_z",)}), "breaks t.py::test_z"),
        (
            VALID,
            TestEvidence(before=RED, after=RED.model_copy(update={"ended_by": "timeout", "exit_code": None})),
            "timeout",
        ),
        (VALID, TestEvidence(before=RED, after=TestRun(command=("pytest",), exit_code=5)), "no test runs"),
    ],
)
def test_turns_away_with_the_reason(validation, evidence, reason):
    status, said = judge(candidate(), validation, evidence)
    assert status is Status.UNFIXED
    assert reason in said


@pytest.mark.parametrize("rule", ["B506", "S506", "py/unsafe-deserialization"])
def test_a_codemod_is_proven_by_the_finding_that_is_gone(rule):
    mended = VALID.model_copy(update={"fixed_issues": (issue("B506"),)})
    given = candidate(technique=Technique.CODEMOD, resolves=(rule,), confidence=0.3)
    assert judge(given, mended, TestEvidence())[0] is Status.FIXED
    assert judge(given, VALID, TestEvidence())[0] is Status.PLAUSIBLE


def test_a_finding_that_came_back_is_not_gone():
    moved = VALID.model_copy(update={"fixed_issues": (issue("B506"),), "issues": (issue("B506", "warning"),)})
    given = candidate(technique=Technique.CODEMOD, resolves=("B506",))
    assert judge(given, moved, TestEvidence())[0] is Status.PLAUSIBLE


def test_a_model_does_not_prove_by_claiming():
    mended = VALID.model_copy(update={"fixed_issues": (issue("B506"),)})
    given = candidate(technique=Technique.MODEL, resolves=("B506",))
    assert judge(given, mended, TestEvidence())[0] is Status.PLAUSIBLE


def test_feedback_names_each_problem():
    validation = VALID.model_copy(update={"is_valid": False, "issues": (issue("B602"), issue("note", "info"))})
    after = RED.model_copy(update={"failing": ("t.py::test_x", "u.py::test_z"), "output_tail": "E  assert 1 == 2"})
    evidence = TestEvidence(before=RED, after=after, broken_tests=("u.py::test_z",))
    feedback = feedback_for(candidate(suspicions=("deletes code",)), validation, evidence)
    assert feedback.candidate_id == candidate().id
    assert [item.code for item in feedback.items] == [
        "B602",
        "broken-test",
        "still-failing",
        "test-output",
        "suspicion",
    ]
    first = feedback.items[0]
    assert (first.path, first.line, first.suggestion) == ("a.py", 1, "mend it")
    assert feedback.failing_tests == ("u.py::test_z", "t.py::test_x")


def test_feedback_tells_of_a_limit():
    after = RED.model_copy(update={"ended_by": "memory", "failing": ()})
    feedback = feedback_for(candidate(), VALID, TestEvidence(before=RED, after=after))
    assert [item.code for item in feedback.items] == ["test-limit"]
