"""Real faults: single-commit fixes taken out again, from the cases that `benchmarks.fault_cases` built.

    python -m benchmarks.real_faults CASES --python PYTHON [--cpu S] [--rows FILE] [--most N]

Each case is searched for `--cpu` seconds of CPU (60 by default) with one process. Rows are appended to FILE as they
come, and cases that it already holds are not run again. How a patch is judged: see `benchmarks/repair_judge.py`.
"""

from __future__ import annotations

import argparse
import dataclasses
import hashlib
import json
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.fault_cases import check_out
from benchmarks.repair_judge import measure
from benchmarks.report import table, write_report

FIXED = 0.5
"""Confidence from which the engine calls a patch fixed, when nothing speaks against it."""


def run_case(name: str, case: dict[str, Any], python: str, cpu_s: float) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="real-fault-") as folder:
        root = Path(folder) / case["project"]
        root.mkdir()
        check_out(Path(case["clone"]), case["commit"], root)
        (root / case["path"]).write_text(case["before"])
        found = measure(name, root, case["path"], case["function"], case["after"], case["failing"], python, cpu_s)
    row = dataclasses.asdict(found)
    row["features"] = [
        dataclasses.asdict(f) for f in found.features if dataclasses.is_dataclass(f) and not isinstance(f, type)
    ]
    return row


def run_all(description: str) -> tuple[list[dict[str, Any]], float]:
    """Rows of all cases of the command line, and the CPU seconds that each had."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", type=Path)
    parser.add_argument("--python", required=True)
    parser.add_argument("--cpu", type=float, default=60.0)
    parser.add_argument("--rows", type=Path)
    parser.add_argument("--most", type=int, default=1000)
    parser.add_argument("--report-only", action="store_true", help="write the table of the rows that FILE holds")
    options = parser.parse_args()
    kept = options.rows.read_text().splitlines() if options.rows and options.rows.exists() else []
    rows = [json.loads(line) for line in kept]
    known = {row["name"] for row in rows}
    for path in sorted(options.cases.glob("*.json"), key=_shuffled)[: options.most]:
        if path.stem in known or options.report_only:
            continue
        row = run_case(path.stem, json.loads(path.read_text()), options.python, options.cpu)
        rows.append(row)
        print(row["name"], row["verdicts"], row["confidences"], row["rules"], row["place"], row["notes"], flush=True)
        if options.rows:
            with options.rows.open("a") as file:
                file.write(json.dumps(row) + "\n")
    return rows, options.cpu


def _shuffled(path: Path) -> str:
    """An order that is always the same and mixes projects, so that a run cut short is a fair sample."""
    return hashlib.sha256(path.stem.encode()).hexdigest()


def is_right(row: dict[str, Any], count: int) -> bool:
    return any(verdict in ("same", "equal") for verdict in row["verdicts"][:count])


def called_fixed(row: dict[str, Any]) -> bool:
    """Whether the engine would call the first patch fixed."""
    return bool(row["verdicts"]) and row["confidences"][0] >= FIXED and not row["doubts"][0]


def share(count: int, total: int) -> str:
    return f"{count} of {total} ({100 * count / total:.0f} %)" if total else "0 of 0"


def summary(rows: list[dict[str, Any]]) -> str:
    fixed = [row for row in rows if called_fixed(row)]
    right_fixed = sum(is_right(row, 1) for row in fixed)
    places = [row["place"] for row in rows if row["place"] is not None]
    return table(
        ["", "measured"],
        [
            ["cases", str(len(rows))],
            ["projects", str(len({row["name"].rsplit("-", 1)[0] for row in rows}))],
            ["a plausible patch", share(sum(bool(row["verdicts"]) for row in rows), len(rows))],
            ["right as the first patch", share(sum(is_right(row, 1) for row in rows), len(rows))],
            ["right within five", share(sum(is_right(row, 5) for row in rows), len(rows))],
            ["called fixed", share(len(fixed), len(rows))],
            ["precision of fixed", share(right_fixed, len(fixed))],
            ["true function among the first three suspects", share(sum(p <= 3 for p in places), len(rows))],
        ],
    )


def table_of(rows: list[dict[str, Any]]) -> str:
    header = ["case", "verdicts", "first rule", "confidence", "place", "tried", "CPU s"]
    lines = [
        [
            row["name"],
            " ".join(row["verdicts"]) or "none",
            (row["rules"] or ["-"])[0],
            f"{(row['confidences'] or [0])[0]:.2f}",
            str(row["place"] or "-"),
            str(row["tried"]),
            f"{row['cpu_s']:.0f}",
        ]
        for row in rows
    ]
    return table(header, lines)


def main() -> None:
    rows, cpu_s = run_all(__doc__ or "")
    intro = (
        f"Commits that fixed one function and brought a test, their fix taken out again; {cpu_s:.0f} CPU seconds each, "
        "one process. `same` and `equal` are right, as `benchmarks/repair_judge.py` judges; `unknown` counts as wrong."
    )
    sections = [summary(rows), table_of(rows)]
    write_report("real_faults", "Search-based repair of real faults", intro, sections, ("pytest",))


if __name__ == "__main__":
    main()
