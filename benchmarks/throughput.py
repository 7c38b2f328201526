"""Candidates a second in the fork server, beside one pytest process for each, in one run.

    python -m benchmarks.throughput

The repository is made on the spot: a function, a failing test that takes about a millisecond, and candidates that all
fail it. What is counted is the CPU of the server with everything that it forks, and of this process, which works the
candidates out and sends them.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

from benchmarks.report import table, write_report
from tasks.generation.search.budget import Budget
from tasks.generation.search.candidates import CandidateStream
from tasks.generation.search.laboratory import open_laboratory
from tasks.generation.search.localization import RankedUnit
from tasks.generation.search.operators import load_operators
from tasks.generation.search.scope import Facts
from tasks.generation.search.sources import load
from tasks.sandbox.choose import choose_sandbox

_CODE = """
def weigh(items, factor, offset, limit):
    total = 0
    for item in items:
        if item > limit and item % 2 == 0:
            total += item * factor - offset
        elif item < offset:
            total -= item // 2 + 1
    return total, len(items), min(items), max(items)
"""
_TEST = """
from scales import weigh


def test_weigh():
    for _ in range({rounds}):
        pass
    assert weigh([3, 8, 12, 5], 2, 4, 6) == "never"
"""
_COUNT = 4000
_BARE = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
"""Both sides run pytest without the plugins that happen to be installed here."""


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="throughput-") as folder:
        root = Path(folder)
        (root / "scales.py").write_text(_CODE)
        (root / "test_scales.py").write_text(_TEST.format(rounds=rounds_of_a_millisecond()))
        forked, tried, server_s, own_s = measure_server(root)
        process_s = measure_process(root)
    rate = tried / (server_s + own_s)
    rows = [
        ["fork server, candidates tried", str(tried)],
        ["of which ran the test (the others are equal bytecode or no Python)", str(forked)],
        ["CPU seconds of the server and its forks", f"{server_s:.2f}"],
        ["CPU seconds of the search's own process", f"{own_s:.2f}"],
        ["**candidates run a CPU second, server alone**", f"{forked / server_s:.0f}"],
        ["candidates run a CPU second, search included", f"{forked / (server_s + own_s):.0f}"],
        ["CPU seconds of one pytest process", f"{process_s:.2f}"],
        ["**times as fast as one process for each candidate**", f"{rate * process_s:.0f}"],
    ]
    intro = "One failing test of a millisecond; goals: 700 candidates a second and core, 1,000 times one process each."
    write_report("throughput", "Throughput of the candidate loop", intro, [table(["", "measured"], rows)], ("pytest",))


def rounds_of_a_millisecond() -> int:
    """Rounds of an empty loop in a millisecond, by the quickest of many short runs: others use this machine too."""
    rounds = 20_000
    seconds = []
    for _ in range(50):
        started = time.perf_counter()
        for _ in range(rounds):
            pass
        seconds.append(time.perf_counter() - started)
    return int(rounds * 0.001 / min(seconds))


def measure_server(root: Path) -> tuple[int, int, float, float]:
    """Candidates that ran, candidates sent, CPU seconds of the server and of this process."""
    budget = Budget(600.0, 600.0)
    with open_laboratory(choose_sandbox(), root, sys.executable, [], _BARE, 1, budget) as laboratory:
        laboratory.observe(["test_scales.py::test_weigh"])
        file = load(root, "scales.py")
        assert file is not None
        unit = file.units[0]
        lines = dict.fromkeys(range(unit.line, (unit.node.end_lineno or 0) + 1), 1.0)
        stream = CandidateStream([RankedUnit(file, unit, 1.0, lines)], load_operators(), {}, Facts())
        server = laboratory.servers[0]
        before, own = server.cpu_s, time.process_time()
        ran = tried = 0
        while batch := list(islice(stream, 120)):
            trials = laboratory.try_batch(batch, server)
            tried += len(trials)
            ran += sum(trial.status not in ("duplicate", "invalid", "unswappable") for trial in trials)
            if tried >= _COUNT:
                break
        return ran, tried, server.cpu_s - before, time.process_time() - own


def measure_process(root: Path) -> float:
    """CPU seconds of `pytest` on that test, the best of three."""
    seconds = []
    for _ in range(3):
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_scales.py"]
        before = _children_cpu_s()
        subprocess.run(command, cwd=root, capture_output=True, check=False, env={**os.environ, **_BARE})
        seconds.append(_children_cpu_s() - before)
    return min(seconds)


def _children_cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
