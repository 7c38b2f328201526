"""Commits of a git clone as file edits, read without a work tree."""

from __future__ import annotations

import random
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tasks.models import FileEdit

MOST_FILES = 20
"""Commits that touch more Python files are sweeping rewrites, not changes that a reviewer reads in one go."""


@dataclass(frozen=True)
class Step:
    """One commit's Python files, before and after."""

    project: str
    sha: str
    edits: tuple[FileEdit, ...]


def sample_steps(clone: Path, count: int, seed: int, newest: int = 800) -> list[Step]:
    """`count` commits drawn from the `newest` that change Python files; fewer when there are not as many."""
    project = clone.parent.name.partition("+")[2] or clone.name
    touched = list(_commits(clone, newest))
    random.Random(f"{seed} {project}").shuffle(touched)
    steps: list[Step] = []
    for sha, paths in touched:
        if len(steps) == count:
            break
        edits = tuple(edit for path in paths if (edit := _edit(clone, sha, path)) is not None)
        if edits:
            steps.append(Step(project, sha, edits))
    return steps


def _commits(clone: Path, newest: int) -> Iterator[tuple[str, tuple[str, ...]]]:
    log = _git(clone, "log", "--no-merges", "--no-renames", "--name-only", "--format=%x01%H", f"-n{newest}")
    for block in log.decode("utf-8", "replace").split("\x01")[1:]:
        sha, *names = block.split()
        paths = tuple(name for name in names if name.endswith(".py"))
        if 0 < len(paths) <= MOST_FILES:
            yield sha, paths


def _edit(clone: Path, sha: str, path: str) -> FileEdit | None:
    before, after = _text(clone, f"{sha}~1:{path}"), _text(clone, f"{sha}:{path}")
    return None if before == after else FileEdit(path=path, before=before, after=after)


def _text(clone: Path, name: str) -> str | None:
    run = subprocess.run(["git", "-C", str(clone), "show", name], capture_output=True, check=False)
    if run.returncode:
        return None
    try:
        return run.stdout.decode()
    except UnicodeDecodeError:
        return None


def _git(clone: Path, *arguments: str) -> bytes:
    return subprocess.run(
        ["git", "-C", str(clone), "-c", "core.quotepath=off", *arguments], capture_output=True, check=True
    ).stdout
