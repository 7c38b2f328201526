"""Delivery without a forge. Nothing is half-written: every precondition is checked before the first write."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path

from tasks.errors import InputError, RepositoryError
from tasks.models import FileEdit, RemediationResult
from tasks.patches import apply_edits, resolve_inside

AUTHOR = {"GIT_AUTHOR_NAME": "mendflow", "GIT_AUTHOR_EMAIL": "mendflow@localhost"}
COMMITTER = {"GIT_COMMITTER_NAME": "mendflow", "GIT_COMMITTER_EMAIL": "mendflow@localhost"}


class Delivery(StrEnum):
    NONE = "none"
    PATCH = "patch"
    BRANCH = "branch"
    PULL_REQUEST = "pull-request"


def check_delivery(delivery: Delivery, repo: Path) -> None:
    """Raises InputError, before any work is done, for a delivery that cannot succeed."""
    if delivery is Delivery.PULL_REQUEST:
        raise InputError("no forge is configured for --deliver pull-request; use `--deliver branch` and push it")
    if delivery is Delivery.BRANCH and top_folder(repo) != repo.resolve():
        raise InputError(f"--deliver branch needs the top folder of a git repository with a commit, not {str(repo)!r}")


def deliver(result: RemediationResult, repo: Path, delivery: Delivery, folder: Path) -> str | None:
    """Hand over the patch of `result`; the name of the file or branch that now holds it.

    A branch is built beside the working tree and index, which stay as they are; a branch of that name that holds
    something else is left alone (RepositoryError).
    """
    if delivery is Delivery.PATCH:
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / f"{change_name(result)}.patch"
        target.write_bytes(result.patch.encode("utf-8", "surrogateescape"))
        return str(target)
    if delivery is Delivery.BRANCH:
        return write_branch(result, repo)
    return None


def change_name(result: RemediationResult) -> str:
    """Equal for two runs that found the same fix for the same fault."""
    identity = result.incident.fingerprint[:12] or result.incident.id[:12]
    return f"mendflow-{identity}-{result.candidate.id[:8] if result.candidate else 'none'}"


def apply_to_repository(repo: Path, edits: Sequence[FileEdit]) -> None:
    """Write the fix into the working tree; raises RepositoryError when a file changed since it was read."""
    for edit in edits:
        target = resolve_inside(repo, edit.path)
        current = target.read_bytes() if target.exists() else None
        expected = edit.before.encode(edit.encoding) if edit.before is not None else None
        if current != expected:
            raise RepositoryError(f"{edit.path!r} changed during the run; apply the patch by hand or run again")
    apply_edits(repo, edits)


def write_branch(result: RemediationResult, repo: Path) -> str:
    """One commit on top of HEAD, made with an index of its own."""
    branch = change_name(result).replace("mendflow-", "mendflow/", 1)
    with tempfile.TemporaryDirectory(prefix="mendflow-index-") as folder:
        index = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
        git(repo, "read-tree", "HEAD", environment=index)
        patch = result.patch.encode("utf-8", "surrogateescape")
        git(repo, "apply", "--cached", "--whitespace=nowarn", "-", environment=index, stdin=patch)
        tree = git(repo, "write-tree", environment=index)
        held = git(repo, "rev-parse", "--verify", "--quiet", f"refs/heads/{branch}^{{tree}}", check=False)
        if held == tree:
            return branch
        if held:
            raise RepositoryError(f"branch {branch!r} already holds another change; delete or rename it first")
        commit = git(repo, "commit-tree", tree, "-p", "HEAD", "-m", message(result), environment=AUTHOR | COMMITTER)
        git(repo, "update-ref", f"refs/heads/{branch}", commit, "")
    return branch


def message(result: RemediationResult) -> str:
    description = result.candidate.description if result.candidate else result.reason
    cause = result.analysis.root_cause if result.analysis else ""
    return f"Fix {result.incident.title[:60]}\n\n{description}\n\nRoot cause: {cause}\n\nProof: {result.reason}\n"


def top_folder(repo: Path) -> Path | None:
    if not git(repo, "rev-parse", "--verify", "--quiet", "HEAD", check=False):
        return None
    return Path(git(repo, "rev-parse", "--show-toplevel")).resolve()


def git(
    repo: Path, *arguments: str, environment: dict[str, str] | None = None, stdin: bytes = b"", check: bool = True
) -> str:
    """Output of a git command that runs none of the repository's hooks or programs."""
    command = ["git", "-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", "-C", str(repo), *arguments]
    run = subprocess.run(
        command, input=stdin, capture_output=True, check=False, env={**os.environ, **(environment or {})}
    )
    if check and run.returncode:
        reason = run.stderr.decode("utf-8", "replace").strip().splitlines()
        raise RepositoryError(f"git {arguments[0]} failed in {str(repo)!r}: {reason[-1] if reason else 'no reason'}")
    return run.stdout.decode("utf-8", "replace").strip()
