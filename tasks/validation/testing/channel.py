"""The file through which the runner inside the sandbox says what happened, read with distrust."""

from __future__ import annotations

import json
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

INSIDE = Path(__file__).with_name("inside")
"""The folder of the scripts that run inside the sandbox."""

_MAX_BYTES = 64 * 1024**2
_WORST_LAST = ("passed", "skipped", "failed", "error")


@contextmanager
def open_channel() -> Iterator[Path]:
    """The path of a results file that does not exist yet, unguessable, in a folder of its own."""
    with TemporaryDirectory(prefix="mendflow-results-", ignore_cleanup_errors=True) as folder:
        yield Path(folder).resolve() / f"{secrets.token_hex(16)}.jsonl"


@dataclass
class Results:
    """What the runner said, test by test."""

    started: bool = False
    collected: list[str] | None = None
    uncollected: list[str] = field(default_factory=list)
    outcomes: dict[str, str] = field(default_factory=dict)
    """Test to `passed`, `skipped`, `failed` or `error`: the worst of its phases."""
    running: set[str] = field(default_factory=set)
    """Tests that began and did not end."""
    covered: dict[str, set[int]] | None = None
    """Absolute path to the lines executed, of those asked for."""
    exit_code: int | None = None
    """What the runner was about to exit with; None when it never got there."""
    contradiction: str = ""

    def of(self, *outcomes: str) -> list[str]:
        return [name for name, outcome in self.outcomes.items() if outcome in outcomes]


def read_results(path: Path) -> Results:
    """The results in `path`; whatever cannot be true is a contradiction, not an error."""
    results = Results()
    for line in _lines(path):
        try:
            _apply(results, json.loads(line))
        except (ValueError, KeyError, TypeError, AttributeError):
            results.contradiction = "a line of the results is not what the runner writes"
    return results


def _lines(path: Path) -> list[bytes]:
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return []
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            return []
        return file.read(_MAX_BYTES).splitlines()


def _apply(results: Results, event: dict[str, Any]) -> None:
    if results.exit_code is not None:
        results.contradiction = "results were written after the runner had finished"
    match event["kind"]:
        case "session":
            results.started = True
        case "collected":
            results.collected = [str(name) for name in event["ids"]]
        case "uncollected":
            results.uncollected.append(str(event["id"]))
        case "start":
            results.running.add(str(event["id"]))
        case "end":
            results.running.discard(str(event["id"]))
        case "covered":
            results.covered = {str(path): set(map(int, lines)) for path, lines in event["lines"].items()}
        case "result":
            _apply_result(results, event)
        case "finish":
            results.exit_code = int(event["exit"])
            if not event["honest"]:
                results.contradiction = "a test that must fail was reported as passed: the runner is tampered with"


def _apply_result(results: Results, event: dict[str, Any]) -> None:
    name, when, outcome = str(event["id"]), event["when"], event["outcome"]
    if outcome == "rerun":
        results.outcomes.pop(name, None)
        return
    if outcome == "failed" and when != "call":
        outcome = "error"
    if when != "call" and outcome == "passed":
        return
    results.outcomes[name] = max(results.outcomes.get(name, "passed"), outcome, key=_WORST_LAST.index)
