"""Why a candidate was turned away, in a form that the next attempt can use."""

from __future__ import annotations

from tasks.models import CandidatePatch, FeedbackItem, TestEvidence, ValidationFeedback, ValidationResult

LONGEST_OUTPUT = 600


def feedback_for(
    candidate: CandidatePatch, validation: ValidationResult | None, evidence: TestEvidence
) -> ValidationFeedback:
    """Each problem with its place, its reason and what would mend it; the failing levels first, then the tests."""
    issues = validation.issues if validation else ()
    items = [
        FeedbackItem(path=i.path, line=i.line, code=i.code, reason=i.message, suggestion=i.suggestion)
        for i in issues
        if i.severity != "info"
    ]
    items += _test_items(evidence)
    items += [
        FeedbackItem(
            path=None, line=None, code="suspicion", reason=reason, suggestion="find a change without this doubt"
        )
        for reason in candidate.suspicions
    ]
    failing = (*evidence.broken_tests, *(evidence.after.failing if evidence.after else ()))
    return ValidationFeedback(
        candidate_id=candidate.id, items=tuple(items), failing_tests=tuple(dict.fromkeys(failing))
    )


def _test_items(evidence: TestEvidence) -> list[FeedbackItem]:
    items = [
        _item(test, "broken-test", "passed before the change and fails after it", "keep this behaviour")
        for test in evidence.broken_tests
    ]
    after = evidence.after
    if after is None:
        return items
    still = [test for test in after.failing if test not in evidence.broken_tests]
    items += [_item(test, "still-failing", "fails as before", "mend what this test checks") for test in still]
    if after.ended_by != "exit":
        reason = f"the tests were ended by the {after.ended_by} limit"
        items.append(
            FeedbackItem(
                path=None,
                line=None,
                code="test-limit",
                reason=reason,
                suggestion="look for an endless loop or unbounded growth",
            )
        )
    elif items and after.output_tail:
        tail = after.output_tail[-LONGEST_OUTPUT:]
        items.append(FeedbackItem(path=None, line=None, code="test-output", reason=tail, suggestion=""))
    return items


def _item(test: str, code: str, reason: str, suggestion: str) -> FeedbackItem:
    path = test.partition("::")[0] if "::" in test else None
    return FeedbackItem(path=path, line=None, code=code, reason=f"{test} {reason}", suggestion=suggestion)
