"""Injected single faults in real packages, from the cases that `benchmarks.injector` built.

    python -m benchmarks.injected_faults CASES --python PYTHON [--cpu S] [--rows FILE] [--most N]

The injector is frozen: its kinds of faults are not changed in the light of what the engine mends.
"""

from __future__ import annotations

from benchmarks.real_faults import run_all, summary, table_of
from benchmarks.report import write_report


def main() -> None:
    rows, cpu_s = run_all(__doc__ or "")
    intro = (
        f"Slips put into the newest commit of real packages by `benchmarks/injector.py`; {cpu_s:.0f} CPU seconds each, "
        "one process. `same` and `equal` are right, as `benchmarks/repair_judge.py` judges; `unknown` counts as wrong."
    )
    sections = [summary(rows), table_of(rows)]
    write_report("injected_faults", "Search-based repair of injected faults", intro, sections, ("pytest",))


if __name__ == "__main__":
    main()
