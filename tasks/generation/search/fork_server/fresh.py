"""Whole test runs in a fork that has imported nothing of the repository: slow, and as faithful as a new process."""

from __future__ import annotations

import importlib.util
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from . import forks
from .channel import Channel
from .time_limit import cpu_limit

_FLAG_OF_PLUGIN = {"pytest_cov": ["--no-cov"], "xdist": ["-n0"], "pytest_timeout": ["--timeout=0"]}


def quiet_arguments() -> list[str]:
    """Arguments that switch off what slows a run down or hides its order, for the plugins that are installed."""
    arguments = ["-p", "no:cacheprovider", "-p", "no:randomly", "--capture=no", "-q", "--tb=no"]
    arguments.append("--continue-on-collection-errors")
    for module, flags in _FLAG_OF_PLUGIN.items():
        loaded = not os.environ.get("PYTEST_DISABLE_PLUGIN_AUTOLOAD")
        if loaded and importlib.util.find_spec(module) is not None:
            arguments += flags
    return arguments


def import_plugins() -> None:
    """Import pytest's plugins as pytest does, through a run that sees no file of the repository.

    Every fork inherits them, which saves it half a second.
    """
    with tempfile.TemporaryDirectory() as folder:
        configuration = Path(folder, "pytest.ini")
        configuration.write_text("[pytest]\n")
        pytest.main(
            ["-q", "-p", "no:cacheprovider", "--collect-only", "-c", str(configuration), "--rootdir", folder, folder]
        )


class Outcomes:
    """Names what failed; ends the run at the first failure that the caller did not expect, or at the deadline."""

    def __init__(self, expected: set[str] | None, deadline: float, test_cpu_s: float) -> None:
        self.expected = expected
        self.deadline = deadline
        self.test_cpu_s = test_cpu_s
        self.failing: list[str] = []
        self.passed: list[str] = []
        self.complete = True

    def note(self, nodeid: str, failed: bool) -> None:
        if failed and nodeid not in self.failing:
            self.failing.append(nodeid)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        self.note(report.nodeid, report.failed)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.note(report.nodeid, report.failed)
        if report.when == "call" and report.passed:
            self.passed.append(report.nodeid)

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        with cpu_limit(self.test_cpu_s):
            yield

    def pytest_runtest_protocol(self, item: pytest.Item) -> None:
        unexpected = self.expected is not None and any(name not in self.expected for name in self.failing)
        if unexpected or time.monotonic() > self.deadline:
            self.complete = False
            item.session.shouldstop = "enough seen"


class FreshRuns:
    def __init__(self, channel: Channel, root: str, arguments: list[str]) -> None:
        self.channel = channel
        self.root = root
        self.arguments = arguments
        self.stamp = 1_000_000_000
        import_plugins()

    def commands(self) -> dict[str, Callable[[dict[str, Any]], dict[str, Any]]]:
        return {"run": self.run}

    def run(self, request: dict[str, Any]) -> dict[str, Any]:
        """Outcomes of the tests named (all when none is) with the texts of some files replaced."""
        originals = {path: self._read(path) for path in request["files"]}
        for path, text in request["files"].items():
            self._write(path, text.encode(request["encodings"][path], "surrogatepass"))
        try:
            seconds = float(request["seconds"])
            reply = forks.call(lambda: self._run_here(request), seconds + 2.0, self.channel, request["memory_bytes"])
        finally:
            for path, raw in originals.items():
                self._write(path, raw)
        return reply if reply is not None else {"failing": [], "passed": [], "complete": False, "crashed": True}

    def _run_here(self, request: dict[str, Any]) -> dict[str, Any]:
        expected = None if request["expected"] is None else set(request["expected"])
        outcomes = Outcomes(expected, time.monotonic() + float(request["seconds"]), request["test_cpu_s"])
        started = time.process_time()
        left_out = [f"--deselect={name}" for name in request["left_out"]]
        pytest.main([*self.arguments, *left_out, *request["tests"]], plugins=[outcomes])
        seconds = time.process_time() - started
        result = {"failing": outcomes.failing, "passed": outcomes.passed, "complete": outcomes.complete}
        return {**result, "crashed": False, "test_cpu_s": seconds}

    def _read(self, path: str) -> bytes:
        return Path(self.root, path).read_bytes()

    def _write(self, path: str, raw: bytes) -> None:
        """Write with a time stamp never used before: compiled files are checked by size and time in seconds only."""
        target = Path(self.root, path)
        target.write_bytes(raw)
        self.stamp += 1
        os.utime(target, (self.stamp, self.stamp))
