"""Whether a candidate is proven, only plausible, or no fix.

Passing the failing test is weak proof: most single-edit patches that do are wrong. So `fixed` asks for every kind of
proof at hand, and the reason always says what was there and what was missing.
"""

from __future__ import annotations

from tasks.models import CandidatePatch, Status, Technique, TestEvidence, ValidationResult

FIXED_CONFIDENCE = 0.7
"""The calibrated chance of being right from which a patch that passes its tests is called a fix."""
LEAST_COVERAGE = 0.5
"""Share of changed lines that the tests must run, where that was measured."""


def judge(candidate: CandidatePatch, validation: ValidationResult | None, evidence: TestEvidence) -> tuple[Status, str]:
    """`fixed` with enough proof, `plausible` with the missing proof named, else `unfixed` with the reason."""
    failure = _failure(validation, evidence)
    if failure:
        return Status.UNFIXED, failure
    doubts = _doubts(candidate, validation, evidence)
    by_construction = _resolved_by_construction(candidate, validation, evidence)
    by_test = _proving_test(evidence)
    if by_construction and not doubts:
        return Status.FIXED, f"{by_construction}; all levels pass{_tests_in_words(evidence)}"
    if by_test and candidate.confidence < FIXED_CONFIDENCE:
        doubts = (*doubts, f"confidence {candidate.confidence:.2f} is below {FIXED_CONFIDENCE:.2f}")
    if by_test and not doubts:
        return Status.FIXED, f"{by_test}; all levels pass{_tests_in_words(evidence)}"
    if not by_test and not by_construction:
        doubts = ("no test that failed before passes now, and no finding is known to be gone", *doubts)
    return Status.PLAUSIBLE, "not proven: " + "; ".join(doubts)


def _failure(validation: ValidationResult | None, evidence: TestEvidence) -> str | None:
    if validation is not None and not validation.is_valid:
        worst = next((issue for issue in validation.issues if issue.severity != "info"), None)
        return f"rejected: {worst.message} [{worst.code}]" if worst else "rejected by validation"
    if evidence.broken_tests:
        return f"breaks {len(evidence.broken_tests)} tests that passed before, first {evidence.broken_tests[0]}"
    after = evidence.after
    if after is not None and after.ended_by != "exit":
        return f"the tests did not end: {after.ended_by} limit"
    if after is not None and after.total == 0 and evidence.before is not None and evidence.before.total:
        return "no test runs any more"
    return None


def _doubts(candidate: CandidatePatch, validation: ValidationResult | None, evidence: TestEvidence) -> tuple[str, ...]:
    doubts = list(candidate.suspicions)
    if validation is None:
        doubts.append("the change was not validated")
    covered = evidence.changed_lines_covered
    if covered is not None and covered < LEAST_COVERAGE:
        doubts.append(f"the tests run only {covered:.0%} of the changed lines")
    left = _siblings_still_failing(evidence)
    if left:
        doubts.append(f"{left} fails as before beside the test that passes now")
    return tuple(doubts)


def _proving_test(evidence: TestEvidence) -> str | None:
    """A test that failed before and passes now; a flaky one proves nothing."""
    if evidence.after is None or evidence.after.passed == 0:
        return None
    flaky = {*evidence.after.flaky, *(evidence.before.flaky if evidence.before else ())}
    proving = [test for test in evidence.fixed_tests if test not in flaky]
    if proving:
        return f"{proving[0]} failed before and passes now"
    reproduced = evidence.before is not None and not evidence.before.green
    if evidence.reproducing_test and reproduced and evidence.after.green:
        return f"the reproducing test {evidence.reproducing_test} failed before and passes now"
    return None


def _siblings_still_failing(evidence: TestEvidence) -> str | None:
    """A test of the same file as the one that was mended, failing before and after: half a fix."""
    if evidence.after is None:
        return None
    mended_in = {test.partition("::")[0] for test in evidence.fixed_tests}
    return next((test for test in evidence.after.failing if test.partition("::")[0] in mended_in), None)


def _resolved_by_construction(
    candidate: CandidatePatch, validation: ValidationResult | None, evidence: TestEvidence
) -> str | None:
    """The findings that a codemod removes by what it is, seen to be gone."""
    if not candidate.resolves or candidate.technique is not Technique.CODEMOD:
        return None
    gone = {entry.split(" ", 1)[0] for entry in evidence.resolved_findings}
    gone |= {issue.code for issue in validation.fixed_issues} if validation else set()
    brought = {issue.code for issue in validation.issues} if validation else set()
    if all(rule in gone and rule not in brought for rule in candidate.resolves):
        return f"removes {', '.join(candidate.resolves)} by construction, and the finding is gone"
    return None


def _tests_in_words(evidence: TestEvidence) -> str:
    after = evidence.after
    return f", {after.passed} tests pass and none broke" if after is not None and after.passed else ""
