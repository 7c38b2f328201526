"""Recent commits of a repository, and who last touched a line."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import groupby

from tasks.context.git import GitRepository
from tasks.models import Commit

_COMMITS = 50
_PATHS_PER_COMMIT = 300
"""A commit that touches more says little about any one file."""


def recent_commits(git: GitRepository) -> tuple[Commit, ...]:
    """The newest commits of HEAD without merges, newest first; empty before the first commit."""
    marker = secrets.token_hex(16)  # author names and subjects are a stranger's: only this starts an entry
    form = "%x00".join((marker, "%H", "%an", "%cI", "%s", ""))
    command = ("log", "-z", "-n", str(_COMMITS), "--no-merges", "--name-only", "--no-renames", f"--format={form}")
    output = git.read(*command, "--no-show-signature", "--no-ext-diff", "--no-textconv") or b""
    entries = output.decode("utf-8", "replace").split(marker)[1:]
    return tuple(_commit(entry.split("\0")[1:]) for entry in entries)


def _commit(fields: list[str]) -> Commit:
    sha, author, committed_at, subject, *paths = fields
    names = (path.removeprefix("\n") for path in paths)
    return Commit(
        sha=sha,
        author=author,
        committed_at=datetime.fromisoformat(committed_at),
        subject=subject,
        paths=tuple(name for name in names if name)[:_PATHS_PER_COMMIT],
    )


def last_change(git: GitRepository, path: str, line: int) -> Commit | None:
    """The commit that last changed the line; None when it is not committed or blame takes too long."""
    options = ("--porcelain", "-L", f"{line},{line}", "--no-textconv")
    output = git.read("blame", *options, "--", path, timeout_s=5.0)
    if not output:
        return None
    first, *rest = output.decode("utf-8", "replace").splitlines()
    headers = {key: value for key, _, value in (text.partition(" ") for text in rest) if key}
    return _blamed(first.split(" ")[0], headers)


def _blamed(sha: str, headers: Mapping[str, str]) -> Commit | None:
    if not sha.strip("0") or "committer-time" not in headers:
        return None
    return Commit(
        sha=sha,
        author=headers.get("author", ""),
        committed_at=datetime.fromtimestamp(int(headers["committer-time"]), UTC),
        subject=headers.get("summary", ""),
    )


def merge_commits(seen: tuple[Commit, ...], given: tuple[Commit, ...]) -> tuple[Commit, ...]:
    """Commits of the history and of the caller, newest first; what git itself says wins."""
    known = {commit.sha for commit in seen}
    extra = [commit for commit in given if not any(sha.startswith(commit.sha) for sha in known)]
    ordered = sorted((*seen, *extra), key=lambda commit: commit.sha)
    unique = [next(group) for _, group in groupby(ordered, key=lambda commit: commit.sha)]
    return tuple(sorted(unique, key=lambda commit: commit.committed_at, reverse=True))
