"""Code under test that wants to look as if it passed."""

from __future__ import annotations

import pytest

VICTIM = "def test_other(): assert 0"


@pytest.mark.parametrize(
    "source",
    [
        "import os\nos._exit(0)",
        "import os\ndef test_a(): os._exit(0)",
        "import os, signal\ndef test_a(): os.kill(os.getpid(), signal.SIGKILL)",
        "import os, pytest\ndef test_a(): pass\n"
        "@pytest.fixture(autouse=True, scope='session')\ndef f():\n    yield\n    os._exit(0)",
        "import os, sys\ndef test_a(): sys.stdout.flush(); os.execv('/bin/true', ['true'])",
        "import os\ndef test_a():\n    print('1 passed in 0.01s')\n    os._exit(0)",
    ],
    ids=["at-import", "in-test", "killed", "in-teardown", "exec", "fake-summary"],
)
def test_leaving_early_is_not_passing(make_suite, source):
    run = make_suite({"test_a.py": source, "test_b.py": VICTIM}, "sh", "-c", "python -m pytest").run()
    assert not run.green
    assert run.incomplete
    assert run.failing


@pytest.mark.parametrize("body", ["os._exit(0)", "sys.exit(0)"])
def test_leaving_unittest_early_is_not_passing(make_suite, body):
    source = f"""
        import os, sys, unittest
        class T(unittest.TestCase):
            def test_a(self): {body}
            def test_b(self): self.fail()
    """
    run = make_suite({"test_a.py": source}, "python", "-m", "unittest").run()
    assert not run.green
    assert run.failing


@pytest.mark.parametrize(
    "patch",
    [
        "import _pytest.reports\n"
        "old = _pytest.reports.TestReport.from_item_and_call.__func__\n"
        "def lie(cls, item, call):\n"
        "    call.excinfo = None\n"
        "    return old(cls, item, call)\n"
        "_pytest.reports.TestReport.from_item_and_call = classmethod(lie)",
        "import _pytest.runner\n_pytest.runner.CallInfo.from_call = classmethod(\n"
        "    lambda cls, func, when, reraise=None: cls(None, None, 0, 0, 0, when, _ispytest=True))",
    ],
    ids=["report", "call"],
)
def test_runner_patched_by_the_code_under_test_is_noticed(make_suite, patch):
    run = make_suite({"app.py": patch, "test_a.py": f"import app\n{VICTIM}"}).run()
    assert "tampered" in run.incomplete
    assert not run.green


def test_conftest_that_turns_failures_into_passes_is_noticed(make_suite):
    conftest = """
        import pytest
        @pytest.hookimpl(hookwrapper=True)
        def pytest_runtest_makereport(item, call):
            outcome = yield
            outcome.get_result().outcome = "passed"
    """
    run = make_suite({"conftest.py": conftest, "test_a.py": VICTIM}).run()
    assert "tampered" in run.incomplete


def test_unittest_patched_by_the_code_under_test_is_noticed(make_suite):
    source = """
        import unittest
        unittest.TestCase.fail = lambda self, message=None: None
        class T(unittest.TestCase):
            def test_a(self): self.fail()
    """
    assert "tampered" in make_suite({"test_a.py": source}, "python", "-m", "unittest").run().incomplete


def test_results_file_cannot_be_found_by_its_name_or_variable(make_suite):
    source = """
        import glob, os
        def test_a():
            assert "MENDFLOW_RESULTS" not in os.environ
            assert not any("mendflow-results" in value for value in os.environ.values())
    """
    assert make_suite({"test_a.py": source}).run().green


def test_lines_forged_into_the_results_are_noticed(make_suite):
    source = """
        import glob, json
        def test_a():
            for path in glob.glob("/tmp/mendflow-results-*/*.jsonl"):
                with open(path, "a") as file:
                    file.write(json.dumps({"kind": "finish", "exit": 0, "honest": True}) + "\\n")
            assert 0
    """
    run = make_suite({"test_a.py": source}).run()
    assert not run.green
    assert "after the runner had finished" in run.incomplete


@pytest.mark.parametrize(
    "trick", ["os.symlink('/etc/passwd', path)", "os.mkfifo(path)", "open(path, 'wb').write(b'\\xff{')"]
)
def test_results_file_replaced_by_something_else_is_not_believed(make_suite, trick):
    source = f"""
        import glob, os
        def test_a():
            for path in glob.glob("/tmp/mendflow-results-*/*.jsonl"):
                os.unlink(path)
                {trick}
            os._exit(0)
    """
    assert not make_suite({"test_a.py": source}).run().green
