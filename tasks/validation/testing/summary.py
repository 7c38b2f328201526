"""The counts that test runners print at their end."""

from __future__ import annotations

import re
from dataclasses import dataclass

_PYTEST_LINE = re.compile(r"^=*\s*((?:\d+ [a-z]+(?:, )?)+) in [\d.]+s", re.MULTILINE)
_COUNT = re.compile(r"(\d+) (passed|failed|errors?|skipped|xfailed|xpassed)")
_PYTEST_NAME = re.compile(r"^(?:FAILED|ERROR) (\S+)", re.MULTILINE)
_UNITTEST_TOTAL = re.compile(r"^Ran (\d+) tests? in [\d.]+s", re.MULTILINE)
_UNITTEST_VERDICT = re.compile(r"^(?:OK|FAILED)(?: \((.*)\))?\s*$", re.MULTILINE)
_UNITTEST_COUNT = re.compile(r"([a-z ]+)=(\d+)")
_UNITTEST_NAME = re.compile(r"^(?:FAIL|ERROR): (\S+ \([^)]*\))", re.MULTILINE)


@dataclass(frozen=True)
class Summary:
    passed: int = 0
    failed: int = 0
    errors: int = 0
    skipped: int = 0
    failing: tuple[str, ...] = ()


def read_summary(output: str) -> Summary | None:
    """The last summary of pytest or unittest (Django's runner prints the same) in `output`."""
    return _pytest(output) or _unittest(output)


def _pytest(output: str) -> Summary | None:
    lines = _PYTEST_LINE.findall(output)
    if not lines:
        return None
    count = {name.rstrip("s"): int(number) for number, name in _COUNT.findall(lines[-1])}
    return Summary(
        count.get("passed", 0) + count.get("xpassed", 0),
        count.get("failed", 0),
        count.get("error", 0),
        count.get("skipped", 0) + count.get("xfailed", 0),
        tuple(dict.fromkeys(_PYTEST_NAME.findall(output))),
    )


def _unittest(output: str) -> Summary | None:
    totals, verdicts = _UNITTEST_TOTAL.findall(output), _UNITTEST_VERDICT.findall(output)
    if not totals or not verdicts:
        return None
    count = {name.strip(): int(number) for name, number in _UNITTEST_COUNT.findall(verdicts[-1])}
    failed = count.get("failures", 0) + count.get("unexpected successes", 0)
    skipped = count.get("skipped", 0) + count.get("expected failures", 0)
    errors = count.get("errors", 0)
    passed = max(0, int(totals[-1]) - failed - errors - skipped)
    return Summary(passed, failed, errors, skipped, tuple(dict.fromkeys(_UNITTEST_NAME.findall(output))))
