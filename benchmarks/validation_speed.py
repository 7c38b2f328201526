"""How long the five levels take on a change of some lines in files of growing length.

    python -m benchmarks.validation_speed [--runs 15]

The files are made of functions with branches, calls, strings and loops; the change rewrites one and adds another.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence

from benchmarks.report import table, write_report
from tasks.models import FileEdit, Level, ValidationResult
from tasks.validation.options import ValidationOptions
from tasks.validation.pipeline import CodeValidationPipeline

LENGTHS = (100, 300, 1_000, 3_000, 10_000)
_HEAD = '''"""Prices of the shop."""

import logging
from collections.abc import Mapping

logger = logging.getLogger(__name__)
'''
_FUNCTION = '''

def price_{n}(items: Mapping[str, float], code: str, limit: int = {n}) -> float:
    """The price of `items` under the discount `code`; never below zero."""
    total = 0.0
    for name, price in items.items():
        if name.startswith("gift-") or price <= 0:
            logger.debug("skipped %s in round %s", name, limit)
            continue
        if code == "half-{n}" and len(name) > 3:
            total += price / 2
        elif limit and total > limit:
            total += price * 0.9
        else:
            total += price
    try:
        rounded = round(total, 2)
    except (TypeError, ValueError) as error:
        raise ValueError(f"no price for {{sorted(items)}}") from error
    return max(rounded, 0.0)
'''
_LINES_EACH = _FUNCTION.count("\n")


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.validation_speed")
    parser.add_argument("--runs", type=int, default=15)
    options = parser.parse_args(arguments)
    rows = [measure(lines, options.runs) for lines in LENGTHS]
    header = ["lines", "wall ms, median", "wall ms, best", "CPU ms, best", "CPU ms per 1,000 lines", "slowest level"]
    intro = (
        "One change to one file, warm (the first run is not counted), ruff's process included. Wall time depends on "
        f"what else the machine does: load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores at the end of this run."
    )
    write_report("validation_speed", "Validation: time for five levels", intro, [table(header, rows)])


def measure(lines: int, runs: int) -> list[str]:
    pipeline = CodeValidationPipeline(ValidationOptions())
    wall: list[float] = []
    cpu: list[float] = []
    result: ValidationResult | None = None
    for run in range(runs + 1):
        edit = make_edit(lines, run)
        started, worked = time.perf_counter(), _cpu_s()
        result = pipeline.validate_change([edit])
        if run:
            wall.append((time.perf_counter() - started) * 1000)
            cpu.append((_cpu_s() - worked) * 1000)
    assert result is not None and result.is_valid, result
    slowest = max(result.levels, key=lambda level: result.levels[level].duration_ms)
    best = min(cpu)
    figures = [sorted(wall)[len(wall) // 2], min(wall), best, best / lines * 1000]
    return [f"{lines:,}", *(f"{figure:.0f}" for figure in figures), Level(slowest).value]


def make_edit(lines: int, run: int) -> FileEdit:
    """A rewritten function and a new one; each run is a new candidate for the same file."""
    count = max(1, (lines - _HEAD.count("\n")) // _LINES_EACH)
    before = _HEAD + "".join(_FUNCTION.format(n=number) for number in range(count))
    after = before.replace("len(name) > 3", f"len(name) > {run + 4}", 1) + _FUNCTION.format(n=count + run)
    return FileEdit(path="shop/prices.py", before=before, after=after)


def _cpu_s() -> float:
    """CPU seconds of this process and of its children that ended."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


if __name__ == "__main__":
    main(sys.argv[1:])
