"""What test runs prove: flakiness, comparison, affected tests, coverage and mutation of the changed lines."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tasks.models import TestRun
from tasks.validation.test_suite import affected_tests, compare, mutation_check

APP = """
    def price(amount, member):
        # ten percent off
        if amount > 100 and member:
            return amount * 0.9
        return amount


    def unused(n):
        return n + 1
"""
GOOD_TESTS = """
    from app import price
    def test_member(): assert price(200, True) == 180
    def test_guest(): assert price(200, False) == 200
    def test_edges(): assert price(100, True) == 100 and price(101, True) < 101
"""
WEAK_TESTS = "from app import price\ndef test_runs(): price(200, True)"


def test_flaky_test_is_told_from_one_that_fails_always(make_suite):
    source = """
        import pathlib
        def test_flaky():
            mark = pathlib.Path("seen")
            first = not mark.exists()
            mark.touch()
            assert not first
        def test_broken(): assert 0
        def test_fine(): pass
    """
    run = make_suite({"test_a.py": source}).run_twice_for_flaky()
    assert set(run.failing) == {"test_a.py::test_flaky", "test_a.py::test_broken"}
    assert run.flaky == ("test_a.py::test_flaky",)


def test_test_that_depends_on_order_is_not_flaky(make_suite):
    source = "state = []\ndef test_a(): state.append(1)\ndef test_b(): assert not state"
    run = make_suite({"test_a.py": source}).run_twice_for_flaky()
    assert (run.failing, run.flaky) == (("test_a.py::test_b",), ())


def run_of(passing: str = "", failing: str = "", **fields: object) -> TestRun:
    good, bad = tuple(passing.split()), tuple(failing.split())
    return TestRun(command=("pytest",), passed=len(good), failed=len(bad), passing=good, failing=bad, **fields)


@pytest.mark.parametrize(
    ("before", "after", "fixed", "broken"),
    [
        (run_of("t::a", "t::b"), run_of("t::a t::b"), ("t::b",), ()),
        (run_of("t::a", "t::b"), run_of("t::b", "t::a"), ("t::b",), ("t::a",)),
        (run_of("t::a", "t::b"), run_of("t::a"), (), ()),
        (run_of("t::a t::c", "t::b"), run_of("t::a t::b"), ("t::b",), ("t::c",)),
        (run_of("t::a", "t::b"), run_of("t::b", selection=("t::b",)), ("t::b",), ()),
        (run_of("t::a", "t::b t::f"), run_of("t::a t::b t::f", flaky=("t::f",)), ("t::b",), ()),
        (run_of("", "t.py"), run_of("t.py::a t.py::b"), ("t.py",), ()),
        (run_of("", "t/conftest.py"), run_of("t/x.py::a"), ("t/conftest.py",), ()),
        (run_of("", "t.py"), run_of("other.py::a"), (), ()),
        (run_of("m.T.a", "setUpClass"), run_of("m.T.a"), (), ()),
    ],
    ids=["fixed", "swapped", "vanished", "hidden", "selected", "flaky", "file", "conftest", "other-file", "fixture"],
)
def test_comparison_claims_only_what_was_seen(before, after, fixed, broken):
    evidence = compare(before, after)
    assert (evidence.fixed_tests, evidence.broken_tests) == (fixed, broken)


def test_mended_class_fixture_counts_as_fixed():
    before = TestRun(command=("u",), failing=("setUpClass (m.T)",), errors=1)
    assert compare(before, run_of("m.T.test_a")).fixed_tests == ("setUpClass (m.T)",)


def test_change_that_hides_failing_tests_fixes_nothing(make_suite):
    files = {"app.py": "def f(): return 1", "test_a.py": "import app\ndef test_a(): assert app.f() == 2"}
    before = make_suite(files).run()
    after = make_suite({"app.py": "import pytest\npytest.skip('no', allow_module_level=True)"}).run()
    assert compare(before, after).fixed_tests == ()


def test_affected_tests_are_found_through_imports(tmp_path):
    files = {
        "src/shop/__init__.py": "",
        "src/shop/db.py": "",
        "src/shop/cart.py": "from . import db",
        "src/shop/web.py": "from shop.cart import (\n    Cart,\n    Total,\n)",
        "src/shop/mail.py": "import json",
        "tests/conftest.py": "",
        "tests/test_cart.py": "from shop import cart",
        "tests/test_db.py": "import shop.db as db",
        "tests/test_web.py": "import pytest, shop.web",
        "tests/test_mail.py": "from shop.mail import send",
        ".venv/lib/test_x.py": "import shop.db",
    }
    for name, source in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(source)
    assert affected_tests(tmp_path, ["src/shop/db.py"]) == (
        "tests/test_db.py",
        "tests/test_cart.py",
        "tests/test_web.py",
    )
    assert affected_tests(tmp_path, ["src/shop/mail.py"]) == ("tests/test_mail.py",)
    assert affected_tests(tmp_path, ["tests/test_db.py"]) == ("tests/test_db.py",)
    assert len(affected_tests(tmp_path, ["tests/conftest.py"])) == 4
    assert affected_tests(tmp_path, ["README.md"]) == ()


def test_failure_among_affected_tests_ends_the_run_early(make_suite):
    files = {
        "app.py": "x = 1",
        "test_near.py": "import app\ndef test_a(): assert app.x == 2",
        "test_far.py": "def test_b(): pass",
    }
    suite = make_suite(files)
    run = suite.run_affected_first(["app.py"])
    assert (run.failing, run.passing, run.selection) == (("test_near.py::test_a",), (), ("test_near.py",))
    run = suite.run_affected_first(["app.py"], known_failing=run.failing)
    assert (run.passing, run.selection) == (("test_far.py::test_b",), ())


@pytest.mark.parametrize("command", [["pytest"], ["python", "-m", "unittest"]])
def test_share_of_changed_lines_that_tests_execute(make_suite, command):
    test = "import unittest\nfrom app import price\nclass T(unittest.TestCase):\n    def test_a(self): price(1, True)"
    suite = make_suite({"app.py": APP, "test_a.py": test}, *command)
    run, share = suite.run_with_coverage({"app.py": [3, 4, 5, 6, 10]})
    assert run.green
    assert share == pytest.approx(2 / 4)  # line 3 is a comment, 5 and 10 are not reached


def test_coverage_is_unknown_where_nothing_can_be_executed(make_suite):
    suite = make_suite({"app.py": APP, "notes.md": "x", "test_a.py": GOOD_TESTS})
    assert suite.run_with_coverage({"app.py": [3], "notes.md": [1]})[1] is None


def test_tracing_by_settrace_and_by_monitoring_agree(make_suite, tmp_path):
    from tasks.validation.testing.channel import INSIDE

    (tmp_path / "m.py").write_text("def f(n):\n    if n:\n        return 1\n    return 2\n")
    script = (
        "import sys\nif {off}: sys.__dict__.pop('monitoring', None)\n"
        "import mendflow_line_trace as t\nt.start()\nimport m\nm.f(1)\nprint(t.covered())"
    )
    request = f'{{"{tmp_path}/m.py": [1, 2, 3, 4]}}'
    environment = {"MENDFLOW_TRACE": request, "PYTHONPATH": f"{INSIDE}:{tmp_path}", "PYTHONDONTWRITEBYTECODE": "1"}
    for off in (True, False):
        words = [sys.executable, "-c", script.format(off=off)]
        out = subprocess.run(words, env=environment, capture_output=True, text=True, check=True).stdout
        assert "[1, 2, 3]" in out


def test_good_tests_kill_mutants_and_weak_ones_do_not(make_suite):
    lines = {"app.py": [4, 5]}
    suite = make_suite({"app.py": APP, "test_a.py": GOOD_TESTS})
    before = (suite.workspace / "app.py").read_bytes()
    good = mutation_check(suite, lines, suite.run(), max_mutants=6)
    assert (good.tried, good.share) == (6, 1.0)
    assert (suite.workspace / "app.py").read_bytes() == before
    suite = make_suite({"test_a.py": WEAK_TESTS})
    weak = mutation_check(suite, lines, suite.run(), max_mutants=4)
    assert weak.killed < weak.tried
    assert weak.survivors[0].startswith("app.py:4 ")


def test_no_mutant_says_nothing(make_suite):
    suite = make_suite({"app.py": APP, "test_a.py": GOOD_TESTS})
    assert mutation_check(suite, {"app.py": [3]}, suite.run()).share is None
