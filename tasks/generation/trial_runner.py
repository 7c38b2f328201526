"""Runs inside the sandbox, as a script: many variants of one repository, each tested in a process of its own.

pytest and its plugins are loaded once; each variant is written to disk, tested in a fork that has never imported the
repository, and taken back. It must run on any Python that pytest runs on and imports nothing of this package.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import os
import select
import signal
import sys
import tempfile
import time
import types
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

_PRELOADED = ("asyncio", "csv", "dataclasses", "datetime", "decimal", "enum", "json", "logging", "sqlite3", "uuid")
_MAX_TEXT = 2000
_MAX_FRAMES = 40
_MAX_LOCALS = 30


class TestTimeout(BaseException):
    """Not an Exception, so that the code under test cannot handle it."""

    __test__ = False


class Recorder:
    """A pytest plugin that tells the parent how each test ended, as it ends."""

    def __init__(self, root: str, report: io.TextIOBase, test_limit_s: float) -> None:
        self.root = root
        self.report = report
        self.test_limit_s = test_limit_s

    def say(self, record: dict[str, Any]) -> None:
        self.report.write(json.dumps(record) + "\n")
        self.report.flush()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        self.say({"node": item.nodeid, "outcome": "started"})
        # Nobody reads pytest's own report, and formatting the traceback is the larger part of a failing test's cost.
        item.repr_failure = _no_text  # type: ignore[method-assign]
        signal.setitimer(signal.ITIMER_REAL, self.test_limit_s)
        try:
            return (yield)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        if report.when == "call" or report.outcome != "passed":
            error = call.excinfo.value if call.excinfo is not None and report.outcome == "failed" else None
            self.say(
                {
                    "node": item.nodeid,
                    "outcome": report.outcome,
                    "error": describe_error(error, self.root) if error is not None else None,
                }
            )
        return report

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.outcome == "failed":
            text = str(report.longrepr)[-_MAX_TEXT:]
            self.say({"node": report.nodeid, "outcome": "error", "error": _collection_error(text)})


def _no_text(*_: object, **__: object) -> str:
    return ""


def _collection_error(text: str) -> dict[str, Any]:
    last = text.strip().rsplit("\n", 1)[-1].removeprefix("E").strip()
    kind, _, message = last.partition(": ")
    return {"type": kind, "message": message, "frames": []}


def describe_error(error: BaseException, root: str) -> dict[str, Any]:
    """Type, message and frames, outermost first; of frames in the repository also their local variables."""
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    frames = []
    traceback = error.__traceback__
    while traceback is not None:
        frames.append(_describe_frame(traceback, root))
        traceback = traceback.tb_next
    frames = [*frames[: _MAX_FRAMES // 2], *frames[-_MAX_FRAMES // 2 :]] if len(frames) > _MAX_FRAMES else frames
    names = [base.__name__ for base in kind.__mro__]
    return {"type": name, "bases": names, "message": _text_of(error, str), "frames": frames}


def _describe_frame(traceback: types.TracebackType, root: str) -> dict[str, Any]:
    code = traceback.tb_frame.f_code
    path = os.path.realpath(code.co_filename)
    inside = path.startswith(root + os.sep)
    record: dict[str, Any] = {
        "path": path[len(root) + 1 :] if inside else None,
        "file": path,
        "line": traceback.tb_lineno,
        "function": getattr(code, "co_qualname", code.co_name),
    }
    if inside:
        record["position"] = _position(code, traceback.tb_lasti)
        record["locals"] = _locals_of(traceback.tb_frame)
    return record


def _position(code: types.CodeType, instruction: int) -> list[int | None] | None:
    """Line, end line, column and end column of the expression that raised (bytes, as in `ast`); Python 3.11 and up."""
    if not hasattr(code, "co_positions"):
        return None
    for index, position in enumerate(code.co_positions()):
        if index == instruction // 2:
            return list(position)
    return None


def _locals_of(frame: types.FrameType) -> dict[str, list[str]]:
    found = {}
    for name, value in list(frame.f_locals.items())[:_MAX_LOCALS]:
        found[name] = [type(value).__name__, _text_of(value, repr)]
    return found


def _text_of(value: object, convert: Any) -> str:
    # The repository's own __str__ and __repr__ may fail in any way.
    try:
        return str(convert(value))[:_MAX_TEXT]
    except Exception as error:
        return f"<{type(error).__name__} while shown>"


def run_variant(job: dict[str, Any], variant: dict[str, Any]) -> dict[str, Any]:
    """Write the variant, test it in a fork, take it back; the tests as far as they got when the time ended."""
    root = Path(job["root"])
    kept = {path: _read(root / path) for path in variant["files"]}
    for path, text in variant["files"].items():
        _write(root / path, text.encode(variant["encodings"].get(path, "utf-8")) if text is not None else None)
    try:
        lines, ended = _run_fork(job, variant)
    finally:
        for path, raw in kept.items():
            _write(root / path, raw)
    return {"tests": [json.loads(line) for line in lines], "ended": ended}


def _read(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def _write(path: Path, raw: bytes | None) -> None:
    if raw is None:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(raw)


def _run_fork(job: dict[str, Any], variant: dict[str, Any]) -> tuple[list[str], str]:
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        os.setpgid(0, 0)
        _run_tests(job, variant, writer)
    os.close(writer)
    raw, ended = _collect(reader, time.monotonic() + variant["limit_s"])
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    lines = raw.decode("utf-8", "replace").split("\n")
    return [line for line in lines[:-1] if line], ended


def _collect(reader: int, deadline: float) -> tuple[bytes, str]:
    raw = b""
    try:
        while True:
            left_s = deadline - time.monotonic()
            if left_s <= 0 or not select.select([reader], [], [], left_s)[0]:
                return raw, "timeout"
            part = os.read(reader, 65536)
            if not part:
                return raw, "exit"
            raw += part
            if raw.endswith(b'{"done": true}\n'):
                return raw[: raw.rindex(b'{"done"')], "exit"
    finally:
        os.close(reader)


def _run_tests(job: dict[str, Any], variant: dict[str, Any], writer: int) -> None:
    """In the fork; never returns."""
    null = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(null, number)
    os.chdir(job["root"])
    sys.path[0:0] = job["import_roots"]
    importlib.invalidate_caches()
    signal.signal(signal.SIGALRM, _end_test)
    with os.fdopen(writer, "w", encoding="utf-8") as report:
        recorder = Recorder(os.path.realpath(job["root"]), report, variant["test_limit_s"])
        arguments = [*job["arguments"], *variant["nodes"]]
        code = pytest.main(arguments, plugins=[recorder])
        if code == pytest.ExitCode.USAGE_ERROR:
            pytest.main(["-o", "addopts=", *arguments], plugins=[recorder])
        report.write('{"done": true}\n')
        report.flush()
    os._exit(0)


def _end_test(number: int, frame: types.FrameType | None) -> None:
    raise TestTimeout("the test took too long")


def _load_plugins(arguments: list[str]) -> None:
    """One run over nothing: what pytest and its plugins import is then shared by all forks."""
    for name in _PRELOADED:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    null = os.open(os.devnull, os.O_WRONLY)
    kept = os.dup(1)
    os.dup2(null, 1)
    with tempfile.TemporaryDirectory() as empty:
        pytest.main([*arguments, "--rootdir", empty, "-c", os.devnull, empty])
    sys.stdout.flush()
    os.dup2(kept, 1)


def main() -> None:
    """The job on the first line of stdin, one variant on each further line, one result for each on stdout."""
    job = json.loads(sys.stdin.buffer.readline())
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    _load_plugins(job["arguments"])
    for line in sys.stdin.buffer:
        result = json.dumps(run_variant(job, json.loads(line)))
        sys.stdout.write(result + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
