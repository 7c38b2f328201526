from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tasks.generation.weighing import HIGHEST, weighed
from tasks.models import (
    Analysis,
    CandidatePatch,
    Complexity,
    Domain,
    FileEdit,
    GenerationTask,
    Incident,
    IssueType,
    RepositoryContext,
    Severity,
    Strategy,
    Technique,
    TestRun,
)


def candidate(
    text: str, confidence: float, *suspicions: str, technique: Technique = Technique.SEARCH
) -> CandidatePatch:
    edit = FileEdit(path="m.py", before="x = 1\n", after=text)
    return CandidatePatch(
        edits=(edit,),
        technique=technique,
        rule="r",
        description="d",
        confidence=confidence,
        suspicions=suspicions,
    )


def task(*failing: str) -> GenerationTask:
    analysis = Analysis(
        issue_type=IssueType.LOGIC_ERROR,
        severity=Severity.LOW,
        domain=Domain.GENERAL,
        complexity=Complexity.SIMPLE,
        root_cause="",
        strategy=Strategy.SEARCH_FIRST,
        strategy_reason="",
        confidence=0.5,
    )
    return GenerationTask(
        incident=Incident(id="i", title="t"),
        repository=RepositoryContext(root=Path.cwd(), test_files=("t.py",)),
        analysis=analysis,
        workspace=Path.cwd(),
        python=sys.executable,
        baseline=TestRun(command=("pytest",), failing=failing, failed=len(failing)),
    )


def test_lone_candidate_gains_with_each_test_function() -> None:
    [two] = weighed([candidate("x = 2\n", 0.5)], task("t.py::a", "t.py::b"))
    [four] = weighed([candidate("x = 2\n", 0.5)], task("t.py::a", "t.py::b", "t.py::c", "t.py::d"))
    assert two.confidence == pytest.approx(2 / 3, abs=1e-3)
    assert four.confidence == pytest.approx(4 / 5, abs=1e-3)


def test_parameters_of_one_function_are_one_test() -> None:
    [only] = weighed([candidate("x = 2\n", 0.5)], task("t.py::a[1]", "t.py::a[2]", "t.py::a[3]"))
    assert only.confidence == 0.5


def test_rivals_gain_nothing() -> None:
    rivals = weighed([candidate("x = 2\n", 0.5), candidate("x = 3\n", 0.2)], task("t.py::a", "t.py::b"))
    assert [each.confidence for each in rivals] == [0.5, 0.2]


def test_suspicious_rival_does_not_count_and_gains_nothing() -> None:
    lone, suspect = weighed(
        [candidate("x = 2\n", 0.5), candidate("x = 3\n", 0.4, "swallows the exception")], task("t.py::a", "t.py::b")
    )
    assert lone.confidence > 0.5
    assert suspect.confidence == 0.4


def test_never_certain() -> None:
    [sure] = weighed([candidate("x = 2\n", 0.94)], task(*(f"t.py::t{number}" for number in range(9))))
    assert sure.confidence == HIGHEST


def test_crash_template_gains_from_a_test_of_the_repository() -> None:
    [own] = weighed([candidate("x = 2\n", 0.6, technique=Technique.CRASH_TEMPLATE)], task("t.py::a"))
    [written] = weighed([candidate("x = 2\n", 0.6, technique=Technique.CRASH_TEMPLATE)], task("test_new.py::a"))
    assert own.confidence == pytest.approx(0.767, abs=1e-3)
    assert written.confidence == 0.6
