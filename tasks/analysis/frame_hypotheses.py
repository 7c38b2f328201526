"""Explanations that a stack trace supports: what the raising line did, and where its value came from."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from tasks.analysis.causes import explain
from tasks.analysis.origins import none_origin
from tasks.context.display import one_line
from tasks.context.frames import OwnFrame, map_frames
from tasks.context.git import GitRepository
from tasks.context.history import last_change
from tasks.context.outline import Outline, Sources
from tasks.models import Evidence, ExceptionInfo, Hypothesis, RepositoryContext, Suspect

_LATER_SHARE = 0.4
"""Of the confidence, for each further exception of a chain: the first one tells the cause."""
_UNCONFIRMED_SHARE = 0.5


def from_frames(
    exceptions: Sequence[ExceptionInfo], repository: RepositoryContext, sources: Sources, confidence: float
) -> Iterator[Hypothesis]:
    """One for each exception of the chain, at its innermost frame inside the repository."""
    files = (*repository.source_files, *repository.test_files)
    innermost = [frame for frame in map_frames(exceptions, files, repository.root) if frame.depth == 0]
    for order, frame in enumerate(innermost):
        exception = exceptions[frame.exception]
        yield _from_frame(exception, repository, sources, frame, confidence * _LATER_SHARE**order)


def _from_frame(
    exception: ExceptionInfo, repository: RepositoryContext, sources: Sources, frame: OwnFrame, confidence: float
) -> Hypothesis:
    outline = sources.outline(frame.path)
    statement = statement_at(outline, frame.line) if outline and frame.line else None
    is_raise_site = bool(exception.frames) and exception.frames[-1] == frame.reported
    where = f"{frame.path}:{frame.line}" if frame.line else frame.path
    subject = f"`{frame.function}` in {where}" if frame.function else where
    predicate = explain(exception, statement if is_raise_site else None)
    if not is_raise_site:
        predicate = f"calls code outside the repository, which {predicate}"
    evidence = [Evidence(kind="stack-frame", detail=f"{_reported(frame)} raised {exception.type}")]
    if statement is not None and outline and frame.line:
        evidence.append(Evidence(kind="code", detail=f"{where}: {one_line(outline.text(frame.line), 120)}"))
        origin = none_origin(exception, statement, outline.function_at(frame.line)) if is_raise_site else None
        if origin:
            predicate = f"{predicate}; {origin}"
            evidence.append(Evidence(kind="code", detail=origin))
    if repository.is_git and frame.line:
        evidence += _blame(repository, frame.path, frame.line)
    if not frame.confirmed:
        confidence *= _UNCONFIRMED_SHARE
        evidence.append(Evidence(kind="doubt", detail="the file no longer holds the reported line", weight=0.3))
    return Hypothesis(
        statement=f"{subject} {predicate}",
        confidence=confidence,
        evidence=tuple(evidence),
        suspect=_suspect_at(frame, repository, confidence),
    )


def _reported(frame: OwnFrame) -> str:
    return f"{frame.reported.path}:{frame.reported.line}" if frame.reported.line else frame.reported.path


def _suspect_at(frame: OwnFrame, repository: RepositoryContext, confidence: float) -> Suspect:
    place = (frame.path, frame.function)
    known = next((item for item in repository.suspects if (item.path, item.function) == place), None)
    return known or Suspect(path=frame.path, function=frame.function, line=frame.line, score=confidence)


def statement_at(outline: Outline, line: int) -> ast.stmt | None:
    """The innermost statement that covers the line."""
    covering = [
        node
        for node in ast.walk(outline.tree)
        if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or node.lineno)
    ]
    return max(covering, key=lambda node: (node.lineno, -(node.end_lineno or node.lineno)), default=None)


def _blame(repository: RepositoryContext, path: str, line: int) -> list[Evidence]:
    commit = last_change(GitRepository(repository.root), path, line)
    if commit is None:
        return []
    detail = f"last changed on {commit.committed_at:%Y-%m-%d} in {commit.sha[:10]}: {one_line(commit.subject, 80)}"
    return [Evidence(kind="commit", detail=detail, weight=0.5)]
