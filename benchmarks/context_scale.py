"""How long a context takes on large repositories: cold, cached, and for a second incident on the same commit.

    python -m benchmarks.context_scale [FILES ...]

Writes one table row for each repository (5,000 and 50,000 files unless sizes are given) to
`docs/benchmarks/context_scale.md`.
"""

from __future__ import annotations

import multiprocessing
import resource
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from benchmarks.report import table, write_report
from tasks.context.manager import WorkflowContextManager
from tasks.models import ExceptionInfo, Incident, StackFrame

INTRO = (
    "Generated repositories of Python files of 95 lines, one commit. Each build runs in a process of its own, started "
    "before the clock: the first finds an empty cache, the second reports the same incident again, the third another "
    "incident on the same commit. The incident has a stack frame, names, a table and a log line. `peak MB` is the "
    "largest resident memory of the three, Python and its imports included; `cache hits` counts those of each build, "
    "of two look-ups: the structure and the suspects. Two shared, loaded cores;"
)
_MODULE = '''"""Part {number} of the service."""

import logging

log = logging.getLogger(__name__)


class Handler{number}:
    def load_{number}(self, key):
        row = self.store.fetch("SELECT * FROM table_{number} WHERE id = ?", key)
        if row is None:
            log.warning("no row %s in part {number}", key)
        return row

    def save_{number}(self, key, value):
        self.store.execute("UPDATE table_{number} SET value = ? WHERE id = ?", value, key)


'''
_FILLER = "def step_{step}(value):\n    total = value + {step}\n    return total * 2\n\n\n"


@dataclass(frozen=True)
class Build:
    seconds: float
    peak_mb: float
    """Largest resident memory of a process that does nothing but this build, its imports included."""
    hits: int
    is_right: bool
    """The function at fault is the first suspect."""


def main() -> None:
    sizes = [int(size) for size in sys.argv[1:]] or [5_000, 50_000]
    rows = [_row(size, is_git) for size in sizes for is_git in (True, False)]
    header = ("repository", "first s", "same incident s", "other incident s", "peak MB", "cache hits", "found")
    write_report(
        "context_scale",
        "Context of large repositories",
        f"{INTRO} git is {_git_version()}.",
        [table(header, rows)],
        tools=("pydantic", "pathspec"),
    )


def _row(size: int, is_git: bool) -> tuple[str, ...]:
    with tempfile.TemporaryDirectory(prefix="mendflow-scale-") as folder:
        root = Path(folder) / "repo"
        _generate(root, size, is_git)
        builds = [_build_alone(root, Path(folder) / "cache", number) for number in (7, 7, size // 2)]
    return (
        f"{size:,} files, {'git' if is_git else 'plain folder'}",
        *(f"{build.seconds:.2f}" for build in builds),
        f"{max(build.peak_mb for build in builds):.0f}",
        ", ".join(str(build.hits) for build in builds),
        f"{sum(build.is_right for build in builds)} of {len(builds)}",
    )


def _build_alone(root: Path, cache: Path, number: int) -> Build:
    with ProcessPoolExecutor(max_workers=1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(build_once, root, cache, number).result()


def build_once(root: Path, cache: Path, number: int) -> Build:
    """One build in this process, for the incident whose fault lies in part `number`."""
    manager = WorkflowContextManager(cache)
    incident = _incident(number)
    start = time.perf_counter()
    context = manager.build(incident, root)
    seconds = time.perf_counter() - start
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    is_right = bool(context.suspects) and context.suspects[0].function == f"Handler{number}.load_{number}"
    return Build(seconds, peak_mb, manager.cache_hits, is_right)


def _git_version() -> str:
    return subprocess.run(["git", "version"], check=True, capture_output=True, text=True).stdout.split()[2]


def _generate(root: Path, size: int, is_git: bool) -> None:
    filler = "".join(_FILLER.format(step=step) for step in range(20))
    for number in range(size):
        path = root / f"service/area_{number // 100}/part_{number}.py"
        if number % 100 == 0:
            path.parent.mkdir(parents=True)
        path.write_text(_MODULE.format(number=number) + filler, "utf-8")
    if is_git:
        # Background maintenance would still write while the folder is removed.
        identity = ("-c", "user.name=bench", "-c", "user.email=bench@example.org", "-c", "maintenance.auto=false")
        for command in (("init", "-q"), ("add", "-A"), (*identity, "commit", "-q", "-m", "Generate")):
            subprocess.run(["git", *command], cwd=root, check=True, capture_output=True)


def _incident(number: int) -> Incident:
    frame = StackFrame(path=f"/app/service/area_{number // 100}/part_{number}.py", line=12, function=f"load_{number}")
    return Incident(
        id=f"scale-{number}",
        title=f"Handler{number} answers 500",
        description=f"`load_{number}` fails when the row is missing; table_{number} was migrated yesterday.",
        logs=f"2026-11-20T09:41:07Z WARNING service no row 17 in part {number}",
        exceptions=(ExceptionInfo(type="AttributeError", message="'NoneType' object ...", frames=(frame,)),),
    )


if __name__ == "__main__":
    main()
