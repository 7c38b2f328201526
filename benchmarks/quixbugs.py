"""QuixBugs, the Python half: 40 small programs with one fault each. A smoke test, not a headline.

    python -m benchmarks.quixbugs CLONE [--cpu S] [--wall S] [--only NAME]

The clone is that of jkoppel/QuixBugs; nothing in the engine knows a program of it.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
from io import BytesIO
from pathlib import Path

from benchmarks.repair_judge import Measured, measure
from benchmarks.report import table, write_report
from tasks.protocols import SandboxJob, SandboxLimits
from tasks.sandbox.choose import choose_sandbox


def unpack(clone: Path, target: Path) -> None:
    command = ["git", "-C", str(clone), "archive", "HEAD"]
    raw = subprocess.run(command, capture_output=True, check=True).stdout
    with tarfile.open(fileobj=BytesIO(raw)) as archive:
        archive.extractall(target, filter="data")


def workspace(source: Path, name: str, target: Path) -> None:
    """One program with what its tests need."""
    for folder in ("json_testcases", "python_testcases"):
        shutil.copytree(source / folder, target / folder)
    for test in (target / "python_testcases").glob("test_*.py"):
        if test.stem != f"test_{name}":
            test.unlink()
    (target / "python_programs").mkdir()
    for file in (f"{name}.py", "node.py", "__init__.py"):
        if (source / "python_programs" / file).exists():
            shutil.copy(source / "python_programs" / file, target / "python_programs" / file)
    shutil.copy(source / "conftest.py", target / "conftest.py")


def failing_tests(root: Path) -> list[str]:
    """Each test runs by itself with a time limit, since faults here include endless loops."""
    limits = SandboxLimits(wall_s=60, cpu_s=30)
    sandbox = choose_sandbox()
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--tb=no", "-rA", "--timeout=1"]
    run = sandbox.run(SandboxJob(command, cwd=root, writable=(root,), limits=limits))
    lines = run.stdout.decode("utf-8", "replace").splitlines()
    return [line.split(" ", 1)[1].split(" - ")[0] for line in lines if line.startswith(("FAILED", "ERROR"))]


def run_program(source: Path, name: str, cpu_s: float) -> Measured:
    with tempfile.TemporaryDirectory(prefix="quixbugs-") as folder:
        root = Path(folder)
        workspace(source, name, root)
        after = (source / "correct_python_programs" / f"{name}.py").read_text()
        failing = failing_tests(root)
        path = f"python_programs/{name}.py"
        return measure(name, root, path, name, after, failing, sys.executable, cpu_s)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clone", type=Path)
    parser.add_argument("--cpu", type=float, default=30.0)
    parser.add_argument("--wall", type=float, default=1e9, help="seconds after which no further program is begun")
    parser.add_argument("--only")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="quixbugs-source-") as folder:
        source = Path(folder)
        unpack(options.clone, source)
        names = sorted(p.stem.removeprefix("test_") for p in (source / "python_testcases").glob("test_*.py"))
        names = [name for name in names if (source / "python_programs" / f"{name}.py").exists()]
        rows = []
        deadline = time.monotonic() + options.wall
        for name in names:
            if options.only in (None, name) and time.monotonic() < deadline:
                rows.append(run_program(source, name, options.cpu))
                print(rows[-1], flush=True)
    if options.only is None:
        report(rows)


def report(rows: list[Measured]) -> None:
    found = [row for row in rows if row.plausible]
    summary = table(
        ["", "of " + str(len(rows)), "goal"],
        [
            ["plausible", str(len(found)), "39"],
            ["right as the first patch", str(sum(row.right_within(1) for row in rows)), "36"],
            ["right within five", str(sum(row.right_within(5) for row in rows)), ""],
            ["median candidates until the first plausible", str(int(statistics.median(first_ranks(rows)))), "60"],
            ["median CPU seconds, everything included", f"{statistics.median(row.cpu_s for row in rows):.1f}", ""],
        ],
    )
    detail = table(
        ["program", "verdicts", "first rule", "tried", "CPU s"],
        [[r.name, " ".join(r.verdicts) or "none", (r.rules or ["-"])[0], str(r.tried), f"{r.cpu_s:.1f}"] for r in rows],
    )
    intro = "40 small programs; `same` and `equal` are right, judged as `benchmarks/repair_judge.py` says."
    write_report("quixbugs", "Search-based repair on QuixBugs", intro, [summary, detail], tools=("pytest",))


def first_ranks(rows: list[Measured]) -> list[float]:
    """Candidates tried before the first plausible one; all tried where none was."""
    return [min((getattr(f, "rank", row.tried) for f in row.features), default=row.tried) for row in rows] or [0]


if __name__ == "__main__":
    main()
