"""How long a context takes on large repositories: cold, cached, and for a second incident on the same commit.

    python -m benchmarks.context_scale [FILES ...]

Prints one table row for each repository size (5,000 and 50,000 files unless sizes are given).
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tasks.context.manager import WorkflowContextManager
from tasks.models import ExceptionInfo, Incident, StackFrame

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


def main() -> None:
    sizes = [int(size) for size in sys.argv[1:]] or [5_000, 50_000]
    print("| files | kind | cold s | same incident s | second incident s | first suspect right |")
    print("|---|---|---|---|---|---|")
    for size in sizes:
        for is_git in (True, False):
            with tempfile.TemporaryDirectory(prefix="mendflow-scale-") as folder:
                print(_row(Path(folder), size, is_git), flush=True)


def _row(folder: Path, size: int, is_git: bool) -> str:
    root = folder / "repo"
    _generate(root, size, is_git)
    seconds: list[float] = []
    right = True
    for number in (7, 7, size // 2):
        start = time.perf_counter()
        context = WorkflowContextManager(folder / "cache").build(_incident(number), root)
        seconds.append(time.perf_counter() - start)
        right &= bool(context.suspects) and context.suspects[0].function == f"Handler{number}.load_{number}"
    cells = [
        f"{size:,}",
        "git" if is_git else "plain",
        *(f"{value:.2f}" for value in seconds),
        "yes" if right else "no",
    ]
    return f"| {' | '.join(cells)} |"


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
