"""The analysis finds the labelled faults: a guard against rankings that get worse unnoticed."""

from __future__ import annotations

import pytest

from benchmarks.localization import (
    labelled_cases,
    locate_as_reported,
    locate_by_tests,
    locate_without_trace,
    share_within,
)

CASES = labelled_cases()


def test_a_stack_trace_leads_to_the_function_at_fault() -> None:
    located = [locate_as_reported(case) for case in CASES]
    assert share_within(located, 1) >= 0.9
    assert share_within(located, 3) >= 0.95


def test_words_alone_still_lead_somewhere_and_are_right_more_often_than_wrong() -> None:
    located = [item for item in map(locate_without_trace, CASES) if item.suspects]
    assert share_within(located, 3) >= 0.6
    assert len(located) >= len(CASES) / 3


@pytest.mark.slow
def test_failing_tests_alone_lead_to_the_function_at_fault() -> None:
    located = [locate_by_tests(case) for case in CASES[::6]]
    assert share_within(located, 3) >= 0.9
