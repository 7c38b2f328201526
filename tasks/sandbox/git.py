"""Calling git so that neither the repository's configuration nor the user's can run anything or write anything."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from tasks.errors import RepositoryError

_SAFE = (
    *("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "core.untrackedCache=false"),
    *("-c", "safe.directory=*", "-c", "core.quotePath=off"),
)
_DROPPED = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR", "GIT_PREFIX")


def git(root: Path, *arguments: str, stdin: bytes = b"") -> bytes:
    """Output of `git -C root arguments`; RepositoryError with git's own reason when it fails."""
    run = _run(root, arguments, stdin)
    if run.returncode != 0:
        lines = run.stderr.decode("utf-8", "replace").strip().splitlines() or ["no reason given"]
        raise RepositoryError(f"git {arguments[0]} failed in {str(root)!r}: {lines[-1]}")
    return run.stdout


def is_git_repository(root: Path) -> bool:
    """Whether `root` lies in a git repository that does not ignore it."""
    try:
        inside = _run(root, ("rev-parse", "--git-dir"), b"").returncode == 0
    except FileNotFoundError:
        return False
    return inside and _run(root, ("check-ignore", "-q", "."), b"").returncode != 0


def _run(root: Path, arguments: Sequence[str], stdin: bytes) -> subprocess.CompletedProcess[bytes]:
    variables = {name: value for name, value in os.environ.items() if name not in _DROPPED}
    variables |= {
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "LC_ALL": "C",
    }
    command = ["git", *_SAFE, "-C", str(root), *arguments]
    return subprocess.run(command, input=stdin, capture_output=True, check=False, env=variables)
