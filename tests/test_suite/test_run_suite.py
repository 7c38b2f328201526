from __future__ import annotations

import pytest

from tasks.errors import TestCommandError

MIXED = """
    import unittest
    import pytest
    def test_passes(): pass
    def test_fails(): assert 0
    @pytest.mark.skip
    def test_skipped(): pass
    @pytest.mark.xfail
    def test_expected_to_fail(): assert 0
    @pytest.fixture
    def broken(): 1 / 0
    def test_without_fixture(broken): pass
    @pytest.mark.parametrize("n", [1, 2])
    def test_many(n): assert n == 1
    class TestOld(unittest.TestCase):
        def test_subtests(self):
            for n in range(3):
                with self.subTest(n=n):
                    self.assertNotEqual(n, 1)
"""


@pytest.mark.parametrize("sandbox", ["bubblewrap", "rlimits"])
def test_outcomes_are_told_apart(make_suite, sandbox):
    run = make_suite({"tests/test_mixed.py": MIXED}, sandbox=sandbox).run()
    assert (run.passed, run.failed, run.errors, run.skipped, run.collected) == (2, 3, 1, 2, 8)
    assert set(run.failing) == {
        "tests/test_mixed.py::test_fails",
        "tests/test_mixed.py::test_without_fixture",
        "tests/test_mixed.py::test_many[2]",
        "tests/test_mixed.py::TestOld::test_subtests",
    }
    assert set(run.passing) == {"tests/test_mixed.py::test_passes", "tests/test_mixed.py::test_many[1]"}
    assert (run.exit_code, run.ended_by, run.incomplete, run.green) == (1, "exit", "", False)
    assert run.sandbox == sandbox


def test_all_passing_is_green(make_suite):
    run = make_suite({"test_a.py": "def test_a(): pass"}).run()
    assert run.green
    assert "1 passed" in run.output_tail


@pytest.mark.parametrize("command", [["pytest", "-q"], ["pytest", "tests", "-q"], ["python", "-m", "pytest", "tests/"]])
def test_selection_replaces_the_command_s_own_paths(make_suite, command):
    files = {
        "tests/test_a.py": "def test_a(): pass\ndef test_b(): assert 0",
        "tests/test_c.py": "def test_c(): assert 0",
    }
    run = make_suite(files, *command).run(["tests/test_a.py::test_a"])
    assert (run.passing, run.failing) == (("tests/test_a.py::test_a",), ())


def test_options_and_their_values_survive_a_selection(make_suite):
    files = {
        "tests/test_a.py": "def test_one(): pass\ndef test_two(): pass",
        "other.ini": "[pytest]\naddopts = -k one\n",
    }
    run = make_suite(files, "pytest", "-c", "other.ini", "tests").run(["tests/test_a.py"])
    assert run.passing == ("tests/test_a.py::test_one",)


def test_source_folder_is_importable_without_installation(make_suite):
    files = {"src/shop/__init__.py": "x = 1", "tests/test_a.py": "import shop\ndef test_a(): assert shop.x"}
    assert make_suite(files, "pytest", "tests").run().green


def test_nothing_collected_is_no_success_and_no_error(make_suite):
    run = make_suite({"app.py": ""}).run()
    assert (run.exit_code, run.collected, run.total, run.green) == (5, 0, 0, False)


def test_file_that_cannot_be_imported_is_named_and_the_others_run(make_suite):
    run = make_suite({"test_a.py": "import no_such_module", "test_b.py": "def test_b(): pass"}).run()
    assert run.collection_errors == run.failing == ("test_a.py",)
    assert run.passing == ("test_b.py::test_b",)


def test_broken_conftest_is_a_fault_not_a_wrong_command(make_suite):
    run = make_suite({"tests/conftest.py": "1 / 0", "tests/test_a.py": "def test_a(): pass"}, "pytest", "tests").run()
    assert run.failing == run.collection_errors == ("tests/conftest.py",)


@pytest.mark.parametrize("seconds", [4])
def test_test_that_hangs_fails_and_the_others_run(make_suite, seconds):
    source = (
        "def test_hangs():\n    while True:\n        try: pass\n        except Exception: pass\ndef test_after(): pass"
    )
    run = make_suite({"test_a.py": source}, wall_s=seconds).run()
    assert (run.failing, run.passing) == (("test_a.py::test_hangs",), ("test_a.py::test_after",))
    assert "no end after" in run.output_tail


def test_run_that_hits_the_time_limit_names_the_test_that_did_not_end(make_suite):
    source = """
        import signal
        def test_before(): pass
        def test_deaf():
            signal.signal(signal.SIGALRM, signal.SIG_IGN)
            while True: pass
    """
    run = make_suite({"test_a.py": source}, wall_s=3).run()
    assert (run.ended_by, run.exit_code, run.failing) == ("timeout", None, ("test_a.py::test_deaf",))
    assert "timeout" in run.incomplete


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (["pytest", "no_such_folder"], "no_such_folder"),
        (["pytest", "--no-such-option"], "--no-such-option"),
        (["no-such-runner"], "no-such-runner"),
        (["sh", "-c", "no-such-runner"], "no-such-runner"),
        (["A=b"], "empty"),
    ],
)
def test_command_that_cannot_start_is_one_clear_line(make_suite, command, reason):
    with pytest.raises(TestCommandError, match=reason) as caught:
        make_suite({"test_a.py": "def test_a(): pass"}, *command).run()
    assert "\n" not in str(caught.value)


def test_interpreter_without_pytest_is_named(make_suite, tmp_path):
    (tmp_path / "shadow/pytest").mkdir(parents=True)
    suite = make_suite({"pytest.py": "raise ModuleNotFoundError(\"No module named 'pytest'\")"}, "pytest")
    with pytest.raises(TestCommandError, match="no module 'pytest'"):
        suite.run()


@pytest.mark.parametrize(
    "command",
    [
        ["sh", "-c", "python -m pytest -q"],
        ["FLAG=1", "poetry", "run", "pytest"],
        ["python3", "-m", "pytest"],
        ["make", "test"],
    ],
)
def test_wrapped_commands_are_read_test_by_test(make_suite, command):
    files = {"test_a.py": "def test_a(): pass\ndef test_b(): assert 0", "Makefile": "test:\n\tpython -m pytest\n"}
    run = make_suite(files, *command).run()
    assert (run.passing, run.failing) == (("test_a.py::test_a",), ("test_a.py::test_b",))


def test_variables_reach_the_tests(make_suite):
    source = "import os\ndef test_a(): assert (os.environ['FROM_INCIDENT'], os.environ['FLAG']) == ('1', '2')"
    suite = make_suite({"test_a.py": source}, "FLAG=2", "pytest", environment={"FROM_INCIDENT": "1"})
    assert suite.run().green


UNITTEST = """
    import unittest
    class Works(unittest.TestCase):
        def test_passes(self): pass
        def test_fails(self): self.fail()
        def test_raises(self): 1 / 0
        @unittest.skip("")
        def test_skipped(self): pass
        @unittest.expectedFailure
        def test_expected(self): self.fail()
    class NoFixture(unittest.TestCase):
        @classmethod
        def setUpClass(cls): 1 / 0
        def test_never(self): pass
"""


def test_unittest_is_read_test_by_test(make_suite):
    suite = make_suite(
        {"tests/test_old.py": UNITTEST, "tests/test_bad.py": "import no_such"},
        "python",
        "-m",
        "unittest",
        "discover",
        "tests",
    )
    run = suite.run()
    assert run.passing == ("test_old.Works.test_passes",)
    assert (run.failed, run.errors, run.skipped, run.exit_code) == (1, 3, 2, 1)
    assert run.collection_errors == ("unittest.loader._FailedTest.test_bad",)
    assert "setUpClass (test_old.NoFixture)" in run.failing
    assert suite.run(["test_old.Works.test_passes"]).green


def test_unknown_runner_is_read_by_its_summary_or_exit_code(make_suite):
    text = "FAIL: test_x (app.tests.X.test_x)\\n\\nRan 3 tests in 0.1s\\n\\nFAILED (failures=1, skipped=1)"
    files = {"runner.py": f"print('{text}'); exit(1)"}
    run = make_suite(files, "python", "runner.py").run()
    assert (run.passed, run.failed, run.skipped) == (1, 1, 1)
    assert run.failing == ("test_x (app.tests.X.test_x)",)
    assert make_suite({}, "true").run().green
    assert make_suite({}, "false").run().failing == ("false",)


def test_tests_that_start_pytest_themselves_are_not_mixed_in(make_suite):
    source = """
        import subprocess, sys
        def test_inner(tmp_path):
            (tmp_path / "test_x.py").write_text("def test_other(): assert 0")
            assert subprocess.call([sys.executable, "-m", "pytest", str(tmp_path)]) == 1
    """
    run = make_suite({"test_a.py": source}).run()
    assert (run.passing, run.failing) == (("test_a.py::test_inner",), ())


def test_parallel_runs_are_read_too(make_suite):
    files = {"test_a.py": "def test_a(): pass\ndef test_b(): assert 0"}
    run = make_suite(files, "pytest", "-n", "2").run()
    assert (run.passing, run.failing, run.collected) == (("test_a.py::test_a",), ("test_a.py::test_b",), 2)


def test_plugins_beside_mendflow_are_loaded_only_where_the_repository_names_them(make_suite):
    source = "def test_a(request): assert request.config.pluginmanager.has_plugin('timeout') == {expected}"
    strict = {"pytest.ini": "[pytest]\nfilterwarnings = error\n"}
    assert make_suite({"test_a.py": source.format(expected=False), **strict}).run().green
    named = {"requirements-dev.txt": "pytest\npytest-timeout\n"}
    run = make_suite(
        {"test_a.py": source.format(expected=True).replace("'timeout'", "'pytest_timeout'"), **named}
    ).run()
    assert run.green, run.output_tail
