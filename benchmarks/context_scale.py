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
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from benchmarks.report import table, write_report
from tasks.context.manager import WorkflowContextManager
from tasks.models import ExceptionInfo, Incident, StackFrame

INTRO = (
    "Generated repositories of Python files of 118 lines, one commit. Each build runs in a process of its own, started "
    "before the clock: the first finds an empty cache, the second reports the same incident again, the third another "
    "incident on the same commit. The incident has a stack frame, names, a table and a log line. `peak MB` is the "
    "largest resident memory of the three, Python and its imports included; `cache hits` counts those of each build, "
    "of two look-ups: the structure and the suspects. Seconds are those of the clock, of the processors in brackets: "
    "the machine has two cores, busy with other work as well;"
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
    cpu_s: float
    """Of this process and of the git processes that it starts."""
    peak_mb: float
    """Largest resident memory of a process that does nothing but this build, its imports included."""
    hits: int
    is_right: bool
    """The function at fault is the first suspect."""


def main() -> None:
    sizes = [int(size) for size in sys.argv[1:]] or [5_000, 50_000]
    rows = [row for size in sizes for row in _rows(size)]
    header = ("repository", "first s", "same incident s", "other incident s", "peak MB", "cache hits", "found")
    write_report(
        "context_scale",
        "Context of large repositories",
        f"{INTRO} git is {_git_version()}.",
        [table(header, rows)],
        tools=("pydantic", "pathspec"),
    )


def _rows(size: int) -> Iterator[tuple[str, ...]]:
    with tempfile.TemporaryDirectory(prefix="mendflow-scale-") as folder:
        root = Path(folder) / "repo"
        generate(root, size)
        yield _row(f"{size:,} files, git", root, Path(folder) / "cache-git", size)
        (root / ".git").rename(Path(folder) / "away")
        yield _row(f"{size:,} files, plain folder", root, Path(folder) / "cache-plain", size)


def _row(name: str, root: Path, cache: Path, size: int) -> tuple[str, ...]:
    builds = [_build_alone(root, cache, number) for number in (7, 7, size // 2)]
    return (
        name,
        *(f"{build.seconds:.2f} ({build.cpu_s:.2f})" for build in builds),
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
    start, cpu_start = time.perf_counter(), _cpu_s()
    context = manager.build(incident, root)
    seconds, cpu_s = time.perf_counter() - start, _cpu_s() - cpu_start
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    is_right = bool(context.suspects) and context.suspects[0].function == f"Handler{number}.load_{number}"
    return Build(seconds, cpu_s, peak_mb, manager.cache_hits, is_right)


def _cpu_s() -> float:
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def _git_version() -> str:
    return subprocess.run(["git", "version"], check=True, capture_output=True, text=True).stdout.split()[2]


def generate(root: Path, size: int) -> None:
    """A git repository of `size` files in one commit, made as one pack: loose objects take minutes."""
    filler = "".join(_FILLER.format(step=step) for step in range(20))
    parts = [b"commit refs/heads/main\ncommitter bench <bench@example.org> 1760000000 +0000\ndata 8\nGenerate\n"]
    for number in range(size):
        content = f"{_MODULE.format(number=number)}{filler}".encode()
        path = f"service/area_{number // 100}/part_{number}.py"
        parts.append(f"M 100644 inline {path}\ndata {len(content)}\n".encode() + content + b"\n")
    root.mkdir()
    _git(root, "init", "-q", "-b", "main")
    _git(root, "fast-import", "--quiet", stdin=b"".join(parts))
    _git(root, "reset", "-q", "--hard")


def _git(root: Path, *arguments: str, stdin: bytes = b"") -> None:
    # Background maintenance would still write while the folder is removed.
    subprocess.run(
        ["git", "-c", "maintenance.auto=false", *arguments], cwd=root, check=True, capture_output=True, input=stdin
    )


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
