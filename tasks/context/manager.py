"""Everything about a repository that the later stages need, built once for each state of its contents."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tasks.context.cache import IssueContextCache, RepositoryContextCache
from tasks.context.conventions import read_conventions
from tasks.context.dependencies import find_dependencies, parse_requirement
from tasks.context.history import merge_commits, recent_commits
from tasks.context.interpreter import find_interpreter, minimum_python
from tasks.context.languages import count_languages, split_sources
from tasks.context.listing import Listing
from tasks.context.snapshot import Snapshot, take_snapshot
from tasks.context.suspects import rank_suspects
from tasks.context.testing import find_testing
from tasks.context.timestamps import parse_time
from tasks.models import Commit, Dependency, Incident, RepositoryContext, Suspect

logger = logging.getLogger(__name__)

_MOST_GIVEN = 500
"""Commits or dependencies taken from a caller; more would only cost time."""


class WorkflowContextManager:
    """Builds contexts, from the caches below `cache_dir` where their contents are known; None keeps nothing."""

    def __init__(self, cache_dir: Path | None) -> None:
        self._repositories = RepositoryContextCache(cache_dir and cache_dir / "repositories")
        self._issues = IssueContextCache(cache_dir and cache_dir / "issues")

    @property
    def cache_hits(self) -> int:
        return self._repositories.hits + self._issues.hits

    @property
    def cache_lookups(self) -> int:
        return self._repositories.lookups + self._issues.lookups

    def build(self, incident: Incident, root: Path, *, given: Mapping[str, object] | None = None) -> RepositoryContext:
        """The repository at `root` as `incident` needs it.

        `given` may hold `recent_commits` and `dependencies` that the caller knows; what the repository itself says
        wins. Raises RepositoryError when there is no readable folder.
        """
        snapshot = take_snapshot(root)
        context = self._structure(snapshot)
        context = _with_given(context, given or {})
        suspects = self._suspects(incident, context, snapshot)
        logger.info("context of %s: %d files, %d suspects", root.name, len(context.source_files), len(suspects))
        return context.model_copy(update={"suspects": suspects})

    def _structure(self, snapshot: Snapshot) -> RepositoryContext:
        known = self._repositories.get(snapshot.key)
        if known is None:
            known = read_structure(snapshot)
            self._repositories.put(snapshot.key, known)
        # The interpreter may be ignored by git and so no part of the key.
        here = {"root": snapshot.root, "python": find_interpreter(snapshot.root)}
        return known.model_copy(update=here)

    def _suspects(self, incident: Incident, context: RepositoryContext, snapshot: Snapshot) -> tuple[Suspect, ...]:
        key = IssueContextCache.key(incident, context, snapshot.key)
        known = self._issues.get(key)
        if known is None:
            known = rank_suspects(incident, context)
            self._issues.put(key, known)
        return known


def read_structure(snapshot: Snapshot) -> RepositoryContext:
    """What the repository's own files and history say."""
    root = snapshot.root
    listing = snapshot.files()
    source_files, test_files = split_sources(listing.files)
    testing = find_testing(root, listing.files, test_files)
    return RepositoryContext(
        root=root,
        commit=snapshot.commit,
        branch=snapshot.branch,
        is_git=snapshot.git is not None,
        is_shallow=snapshot.is_shallow,
        content_hash=snapshot.content_hash,
        languages=count_languages(listing.files),
        source_files=source_files,
        test_files=test_files,
        dependencies=find_dependencies(root, listing.files),
        conventions=read_conventions(root, source_files, test_files),
        test_command=testing.command,
        minimum_python=minimum_python(root),
        recent_commits=recent_commits(snapshot.git) if snapshot.git else (),
        notes=(*_state_notes(snapshot, listing), *testing.notes),
    )


def _state_notes(snapshot: Snapshot, listing: Listing) -> list[str]:
    notes = []
    if snapshot.git is None:
        notes.append("not a git repository: nothing is known of its history")
    elif snapshot.commit is None:
        notes.append("the repository has no commit yet")
    if snapshot.is_shallow:
        notes.append("a shallow clone: older commits are missing from the history")
    if snapshot.git is not None and snapshot.commit and snapshot.changed:
        notes.append(f"{len(snapshot.changed)} files differ from the last commit; they are used as they are")
    if not listing.files:
        notes.append("the repository is empty")
    elif not any(path.endswith(".py") for path in listing.files):
        notes.append("no Python files: the embedded engine mends Python only")
    return [*notes, *_gap_notes(listing)]


def _gap_notes(listing: Listing) -> Iterator[str]:
    if ".gitmodules" in listing.files:
        yield "submodules are not looked into"
    if listing.unnameable:
        yield f"files left out because their names are not UTF-8: {listing.unnameable}"
    if listing.unreadable:
        yield f"folders left out because they could not be read: {listing.unreadable}"


def _with_given(context: RepositoryContext, given: Mapping[str, object]) -> RepositoryContext:
    commits = tuple(filter(None, map(_commit, _items(given.get("recent_commits")))))
    dependencies = tuple(filter(None, map(_dependency, _items(given.get("dependencies")))))
    known = {dependency.name.lower() for dependency in context.dependencies}
    new = tuple(dependency for dependency in dependencies if dependency.name.lower() not in known)
    return context.model_copy(
        update={
            "recent_commits": merge_commits(context.recent_commits, commits),
            "dependencies": (*context.dependencies, *new),
        }
    )


def _items(value: object) -> Sequence[object]:
    return list(value)[:_MOST_GIVEN] if isinstance(value, list | tuple) else []


def _commit(value: object) -> Commit | None:
    """A commit as callers write one; None without a hash and a time, since it could not be placed."""
    if isinstance(value, Commit):
        return value
    if not isinstance(value, Mapping):
        return None
    sha = str(value.get("sha") or value.get("hash") or "")
    when = parse_time(value.get("committed_at") or value.get("date"))
    if not sha or when is None:
        return None
    paths = tuple(str(path) for path in _items(value.get("paths") or value.get("files")))
    subject = str(value.get("subject") or value.get("message") or "")
    return Commit(sha=sha, author=str(value.get("author") or ""), committed_at=when, subject=subject, paths=paths)


def _dependency(value: object) -> Dependency | None:
    if isinstance(value, Dependency):
        return value
    return parse_requirement(value, "given") if isinstance(value, str) else None
