"""Running one collected test without building a report, which costs more than most tests."""

from __future__ import annotations

from typing import Any

import pytest
from _pytest.runner import runtestprotocol
from _pytest.unittest import TestCaseFunction

_HARMLESS_SCOPES = frozenset({"function"})
_HARMLESS_FIXTURES = frozenset(
    {"request", "pytestconfig", "tmp_path_factory", "tmpdir_factory", "record_testsuite_property"}
)


class Ancestors:
    """Stands in for the next test when everything above a test stays set up."""

    def __init__(self, item: pytest.Item) -> None:
        self._chain = item.listchain()[:-1]

    def listchain(self) -> list[Any]:
        return self._chain


class Signature:
    """Where and how a test failed, as far as one failure is told from another."""

    def __init__(self, error: BaseException, test_path: str) -> None:
        self.type = type(error).__name__
        self.line = 0
        traceback = error.__traceback__
        while traceback is not None:
            if traceback.tb_frame.f_code.co_filename == test_path:
                self.line = traceback.tb_lineno
            traceback = traceback.tb_next


class ItemRunner:
    """Runs items of one session; `error` of a run is None when the test passed."""

    def __init__(self, session: pytest.Session) -> None:
        self.state: Any = session._setupstate
        self.faithful: set[str] = set()
        """Node ids that only the whole protocol of pytest runs right."""
        self._shared: dict[str, bool] = {}
        self._caught: BaseException | None = None
        session.config.pluginmanager.register(self, "mendflow-item-runner")
        if hasattr(TestCaseFunction, "addSubTest"):
            setattr(TestCaseFunction, "addSubTest", _add_sub_test)  # noqa: B010  # mypy forbids the assignment

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> None:
        if call.excinfo is not None and self._caught is None:
            self._caught = call.excinfo.value

    def run(self, item: pytest.Item) -> BaseException | None:
        if item.nodeid in self.faithful:
            return self.run_by_protocol(item)
        return self.run_directly(item)

    def run_by_protocol(self, item: pytest.Item) -> BaseException | None:
        self._caught = None
        reports = runtestprotocol(item, log=False, nextitem=None)
        if any(report.failed for report in reports):
            return self._caught or AssertionError("failed without an exception")
        if any(report.skipped for report in reports):
            return self._caught or pytest.skip.Exception("skipped")
        return None

    def run_directly(self, item: Any) -> BaseException | None:
        error: BaseException | None = None
        if hasattr(item, "_request") and not item._request:
            item._initrequest()
        try:
            if hasattr(self.state, "setup"):
                self.state.setup(item)
            else:
                self.state.prepare(item)
            item.runtest()
        except BaseException as caught:
            error = caught
        recorded = item.__dict__.pop("_excinfo", None)
        if recorded:
            error = recorded[0].value
        try:
            self._tear_down(item)
        except BaseException as caught:
            error = error or caught
        if hasattr(item, "_request"):
            item._request = False
            item.funcargs = None
        return error

    def _tear_down(self, item: Any) -> None:
        following = None if self._shares_state(item) else Ancestors(item)
        if hasattr(self.state, "setup"):
            self.state.teardown_exact(following)
        else:
            self.state.teardown_exact(item, following)

    def _shares_state(self, item: Any) -> bool:
        """Whether a fixture outlives the test, so that it could carry a candidate's results to the next."""
        known = self._shared.get(item.nodeid)
        if known is None:
            info = getattr(item, "_fixtureinfo", None)
            definitions = {} if info is None else info.name2fixturedefs
            known = any(
                definition.scope not in _HARMLESS_SCOPES and name not in _HARMLESS_FIXTURES
                for name, found in definitions.items()
                for definition in found
            )
            self._shared[item.nodeid] = known
        return known


def _add_sub_test(self: Any, testcase: Any, test: Any, error: Any) -> None:
    if error is not None:
        self._addexcinfo(error)
