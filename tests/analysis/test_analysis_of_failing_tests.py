"""What the repository's own failing tests add to an analysis."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tasks.analysis.assertions import describe_assertion
from tasks.analysis.engine import WorkflowAnalysisEngine
from tasks.context.manager import WorkflowContextManager
from tasks.models import Analysis, ExceptionInfo, Incident, IssueType, StackFrame, Strategy, TestRun

STATISTICS = """def moving_average(samples, window):
    return [sum(samples[end - window : end]) / window for end in range(window, len(samples))]


def peak(samples):
    return max(samples)


def share(part, whole):
    return part / whole
"""
FORECAST = """from capacity.statistics import moving_average


def machines(samples):
    return round(moving_average(samples, 2)[-1])
"""
VAGUE = Incident(id="1", title="It is down")


def analyse(root: Path, tests: str, incident: Incident = VAGUE, forecast: str = FORECAST) -> Analysis:
    """The analysis of `incident` after really running the tests."""
    for path, text in {
        "capacity/__init__.py": "",
        "capacity/statistics.py": STATISTICS,
        "capacity/forecast.py": forecast,
        "tests/test_capacity.py": tests,
    }.items():
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_text(text, "utf-8")
    repository = WorkflowContextManager(None).build(incident, root)
    return WorkflowAnalysisEngine().analyse(incident, repository, run_tests(root))


def run_tests(root: Path) -> TestRun:
    command = (sys.executable, "-m", "pytest", "-q", "-rA", "-p", "no:cacheprovider", "tests")
    environment = {"PYTHONPATH": str(root), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    run = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False, env=environment)
    outcomes = [line.split(" - ")[0].split(" ", 1) for line in run.stdout.splitlines() if "::" in line]
    failing = tuple(name for outcome, name in outcomes if outcome == "FAILED")
    passing = tuple(name for outcome, name in outcomes if outcome == "PASSED")
    return TestRun(
        command=command,
        passed=len(passing),
        failed=len(failing),
        failing=failing,
        passing=passing,
        exit_code=run.returncode,
        output_tail=run.stdout,
    )


def test_root_cause_names_the_failing_test_what_it_exercises_and_what_it_expects(tmp_path: Path) -> None:
    tests = """from capacity.statistics import moving_average, peak

def test_average():
    assert moving_average([1, 2, 3], 2) == [1.5, 2.5]

def test_peak():
    assert peak([1, 2]) == 2
"""
    found = analyse(tmp_path, tests)
    assert found.root_cause == (
        "the fault most likely lies in `moving_average` in capacity/statistics.py: "
        "tests/test_capacity.py::test_average exercises it and fails because "
        "`moving_average([1, 2, 3], 2)` gives `[1.5]` where `[1.5, 2.5]` is expected"
    )
    assert (found.suspects[0].path, found.suspects[0].function) == ("capacity/statistics.py", "moving_average")
    assert (found.issue_type, found.strategy) == (IssueType.LOGIC_ERROR, Strategy.SEARCH_FIRST)


def test_a_crashing_test_is_as_good_as_a_traceback(tmp_path: Path) -> None:
    tests = "from capacity.statistics import share\n\n\ndef test_share():\n    assert share(1, 0) == 0\n"
    found = analyse(tmp_path, tests)
    assert found.root_cause == (
        "`share` in capacity/statistics.py:10 divides by `whole` although it is zero, "
        "as tests/test_capacity.py::test_share shows"
    )
    assert found.suspects[0].line == 10
    assert (found.issue_type, found.strategy) == (IssueType.RUNTIME_ERROR, Strategy.CRASH_TEMPLATES_FIRST)


def test_a_crash_inside_the_test_itself_accuses_no_source(tmp_path: Path) -> None:
    tests = "from capacity.statistics import peak\n\n\ndef test_it():\n    peak([1])\n    {}['key']\n"
    found = analyse(tmp_path, tests)
    assert found.strategy == Strategy.SEARCH_FIRST
    assert "raising KeyError" in found.root_cause
    assert all(not suspect.path.startswith("tests/") for suspect in found.suspects)


def test_an_exception_that_the_sources_raise_on_purpose_is_left_to_the_search(tmp_path: Path) -> None:
    tests = """from capacity.forecast import refuse

def test_refuse():
    refuse(3)
"""
    found = analyse(tmp_path, tests, forecast='def refuse(number):\n    raise LookupError(f"no machine {number}")\n')
    assert found.strategy == Strategy.SEARCH_FIRST
    assert found.root_cause.startswith("`refuse` in capacity/forecast.py:2 raises LookupError: no machine 3")


def test_what_is_reached_through_calls_is_suspected_less_than_what_is_named(tmp_path: Path) -> None:
    tests = "from capacity.forecast import machines\n\n\ndef test_machines():\n    assert machines([1, 2, 3]) == 3\n"
    found = analyse(tmp_path, tests)
    assert [suspect.function for suspect in found.suspects[:2]] == ["machines", "moving_average"]
    assert "reaches it through calls" in found.suspects[1].reasons[0].detail


def test_what_passing_tests_run_too_is_suspected_less(tmp_path: Path) -> None:
    tests = """from capacity.statistics import moving_average, peak

def test_both():
    assert peak([1]) + len(moving_average([1, 2], 2)) == 2

def test_peak():
    assert peak([1]) == 1
"""
    found = analyse(tmp_path, tests)
    assert [suspect.function for suspect in found.suspects[:2]] == ["moving_average", "peak"]


def test_the_incident_s_own_traceback_outweighs_an_unrelated_failing_test(tmp_path: Path) -> None:
    tests = "from capacity.statistics import peak\n\n\ndef test_peak():\n    assert peak([1, 2]) == 1\n"
    frame = StackFrame(path="/srv/capacity/statistics.py", line=10, function="share")
    crash = ExceptionInfo(type="ZeroDivisionError", message="division by zero", frames=(frame,))
    found = analyse(tmp_path, tests, Incident(id="1", title="Fails", exceptions=(crash,)))
    assert "divides by `whole`" in found.root_cause
    assert [suspect.function for suspect in found.suspects] == ["share", "peak"]


def test_confidences_and_scores_stay_within_one(tmp_path: Path) -> None:
    tests = "from capacity.statistics import *\n\n\n" + "\n\n".join(
        f"def test_{number}():\n    share({number}, 0), peak([]), moving_average([], 0)" for number in range(8)
    )
    found = analyse(tmp_path, tests, Incident(id="1", title="`share`, `peak` and `machines` fail"))
    assert sum(suspect.score for suspect in found.suspects) == pytest.approx(1.0)
    assert sum(item.confidence for item in found.hypotheses) <= 1.0
    assert found.hypotheses == tuple(sorted(found.hypotheses, key=lambda item: -item.confidence))


@pytest.mark.parametrize("name", ["test_peak (tests.test_capacity.PeakTest.test_peak)", "tests.test_capacity.PeakTest"])
def test_understands_the_names_of_unittest(tmp_path: Path, name: str) -> None:
    tests = """import unittest
from capacity.statistics import peak, share

class PeakTest(unittest.TestCase):
    def test_peak(self):
        self.assertEqual(peak([1]), 2)
"""
    analyse(tmp_path, tests)
    repository = WorkflowContextManager(None).build(VAGUE, tmp_path)
    baseline = TestRun(command=("x",), failed=1, failing=(name,), exit_code=1)
    found = WorkflowAnalysisEngine().analyse(VAGUE, repository, baseline)
    assert found.suspects[0].function == "peak"


@pytest.mark.parametrize(
    ("kind", "message", "code", "expected"),
    [
        ("AssertionError", "assert 3 == 4", "assert f(2) == 4", "`f(2)` gives `3` where `4` is expected"),
        ("AssertionError", "assert 4 == 3", "assert 4 == f(2)", "`f(2)` gives `3` where `4` is expected"),
        ("AssertionError", "why\nassert 3 == 4", "assert f(2) == 4, 'why'", "`f(2)` gives `3` where `4` is expected"),
        ("AssertionError", "assert 3 == 4", None, "`3` comes where `4` is expected"),
        ("AssertionError", "assert 3 < 2", "assert f() < 2", "`f()` gives `3` where less than `2` is expected"),
        ("AssertionError", "assert False", "assert f(1)", "`f(1)` gives `False` where something true is expected"),
        ("AssertionError", "assert not True", "assert not f()", "`f()` gives `True` where something false is expected"),
        (
            "AssertionError",
            "assert <a.B object> == 4",
            "assert f() == 4",
            "an assertion fails: assert <a.B object> == 4",
        ),
        ("AssertionError", "3 != 4", "self.assertEqual(f(2), 4)", "`f(2)` gives `3` where `4` is expected"),
        ("AssertionError", "4 != 3", "self.assertEqual(4, f(2))", "`f(2)` gives `3` where `4` is expected"),
        ("Failed", "DID NOT RAISE <class 'ValueError'>", "f()", "ValueError is expected and nothing is raised"),
        ("AssertionError", "ValueError not raised", "f()", "ValueError is expected and nothing is raised"),
        ("AssertionError", "", None, "an assertion fails: without a message"),
    ],
)
def test_says_what_was_expected_and_what_came(kind: str, message: str, code: str | None, expected: str) -> None:
    assert describe_assertion(ExceptionInfo(type=kind, message=message), code) == expected
