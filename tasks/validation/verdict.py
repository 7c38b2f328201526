"""Whether a candidate is proven, only plausible, or no fix.

Passing the failing test is weak proof: most single-edit patches that do are wrong. So `fixed` asks for every kind of
proof at hand, and the reason always says what was there and what was missing.
"""

from __future__ import annotations

import re

from tasks.models import CandidatePatch, Level, Status, Technique, TestEvidence, ValidationResult

_BANDIT = re.compile(r"[BS]\d{3}")
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
        broken = evidence.broken_tests
        return f"breaks {broken[0]}" + (f" and {len(broken) - 1} more tests" if len(broken) > 1 else "")
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
    if all(_is_gone(rule, validation, evidence) for rule in candidate.resolves):
        return f"removes {', '.join(candidate.resolves)} by construction, and the finding is gone"
    return None


def _is_gone(rule: str, validation: ValidationResult | None, evidence: TestEvidence) -> bool:
    """Whether the delta shows it: by the rule's own id, or for a rule of another tool by any weakness mended."""
    mended = validation.fixed_issues if validation else ()
    brought = validation.issues if validation else ()
    if any(issue.code == _own_code(rule) for issue in brought):
        return False
    if any(entry.split(" ", 1)[0] == rule for entry in evidence.resolved_findings):
        return True
    if _BANDIT.fullmatch(rule):
        return any(issue.code == _own_code(rule) for issue in mended)
    weaknesses = [issue for issue in mended if issue.level is Level.SECURITY and issue.severity != "info"]
    return bool(weaknesses) and not any(issue.level is Level.SECURITY and issue.severity != "info" for issue in brought)


def _own_code(rule: str) -> str:
    """ruff's S506 is bandit's B506."""
    return f"B{rule[1:]}" if _BANDIT.fullmatch(rule) else rule


def _tests_in_words(evidence: TestEvidence) -> str:
    after = evidence.after
    return f", {after.passed} tests pass and none broke" if after is not None and after.passed else ""
