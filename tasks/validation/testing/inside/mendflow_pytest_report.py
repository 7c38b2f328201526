"""pytest plugin that says test by test what happened, one JSON line each, to the file that MENDFLOW_RESULTS names.

It runs inside the sandbox, in the interpreter of the repository under test (Python 3.7, pytest 6 and later), so it
needs nothing but the two. Its variables are taken out of the environment: a pytest that a test starts is not ours.
"""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Iterator
from typing import Any

# Found in the folder of this file, which is on the path of the tests alone.
import mendflow_line_trace  # type: ignore[import-not-found]
import pytest
from _pytest.runner import runtestprotocol

_NAME = "mendflow_pytest_report"


class Report:
    """The stream of one session; silent in forks of it."""

    def __init__(self, path: str, test_seconds: float) -> None:
        self._path = path
        self._pid = os.getpid()
        self._test_seconds = test_seconds

    def write(self, kind: str, **fields: Any) -> None:
        if os.getpid() != self._pid:
            return
        line = json.dumps(dict(fields, kind=kind)) + "\n"
        handle = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(handle, line.encode("ascii"))
        finally:
            os.close(handle)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.write("uncollected", id=report.nodeid)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self.write("collected", ids=[item.nodeid for item in session.items])

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, node: Any, ids: Any) -> None:
        self.write("collected", ids=list(ids))

    def pytest_runtest_logstart(self, nodeid: str, location: Any) -> None:
        self.write("start", id=nodeid)

    def pytest_runtest_logfinish(self, nodeid: str, location: Any) -> None:
        self.write("end", id=nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        expected = hasattr(report, "wasxfail")
        self.write("result", id=report.nodeid, when=report.when, outcome=report.outcome, xfail=expected)

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item: Any, nextitem: Any) -> Iterator[None]:
        with _Alarm(self._test_seconds):
            yield

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        self.write("covered", lines=mendflow_line_trace.covered())
        self.write("finish", exit=int(exitstatus), honest=_failures_are_seen(session))


class _Alarm:
    """Fails a test that does not end, so that the tests after it still run; again each second if it is swallowed."""

    def __init__(self, seconds: float) -> None:
        main = threading.current_thread() is threading.main_thread()
        self._active = main and seconds > 0 and signal.getsignal(signal.SIGALRM) is signal.SIG_DFL
        self._seconds = seconds

    def __enter__(self) -> None:
        if self._active:
            signal.signal(signal.SIGALRM, self._fail)
            signal.setitimer(signal.ITIMER_REAL, self._seconds, 1.0)

    def __exit__(self, *exception: object) -> None:
        if self._active:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, signal.SIG_DFL)

    def _fail(self, number: int, frame: Any) -> None:
        pytest.fail(f"no end after {self._seconds:g} s")


class _Canary(pytest.Item):
    """Must fail; where it passes, something in the process turns failures into passes."""

    def runtest(self) -> None:
        raise AssertionError("canary")

    def reportinfo(self) -> tuple[str, None, str]:
        return self.name, None, self.name


def _failures_are_seen(session: pytest.Session) -> bool:
    try:
        canary = _Canary.from_parent(session, name="mendflow-canary")
        reports = runtestprotocol(canary, log=False, nextitem=None)
    except Exception:
        return True  # hooks of the repository that expect functions only; they do not hide failures
    return any(report.outcome == "failed" for report in reports)


mendflow_line_trace.start()  # before any conftest.py imports what is asked for


def pytest_configure(config: pytest.Config) -> None:
    path = os.environ.pop("MENDFLOW_RESULTS", None)
    plugins = [name for name in os.environ.get("PYTEST_PLUGINS", "").split(",") if name and name != _NAME]
    os.environ["PYTEST_PLUGINS"] = ",".join(plugins)
    if path:
        report = Report(path, float(os.environ.pop("MENDFLOW_TEST_SECONDS", "0")))
        config.pluginmanager.register(report, "mendflow-report")
        report.write("session")
