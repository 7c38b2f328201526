"""Explanations of an incident, each with the evidence that it rests on."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tasks.analysis.causes import explain
from tasks.analysis.origins import none_origin
from tasks.context.display import one_line
from tasks.context.frames import OwnFrame, map_frames
from tasks.context.git import GitRepository
from tasks.context.history import last_change
from tasks.context.outline import Outline, Sources
from tasks.models import Evidence, Hypothesis, Incident, RepositoryContext, Suspect, TestRun

_FRAME_CONFIDENCE = 0.7
_UNCONFIRMED_SHARE = 0.5
_FINDING_CONFIDENCE = 0.85
_TEST_CONFIDENCE = 0.4
_MOST_HYPOTHESES = 5
_ERROR_LINE = re.compile(r"^E\s+(.+)$", re.MULTILINE)


def find_hypotheses(
    incident: Incident, repository: RepositoryContext, baseline: TestRun | None
) -> tuple[Hypothesis, ...]:
    """Best first, confidences summing to at most 1; empty when nothing points anywhere."""
    sources = Sources(repository.root)
    found = [
        *_from_findings(incident, repository),
        *_from_frames(incident, repository, sources),
        *_from_suspects(repository, baseline),
    ]
    unique = {(item.suspect.path, item.suspect.function): item for item in reversed(found) if item.suspect}
    ranked = sorted(unique.values(), key=lambda item: -item.confidence)[:_MOST_HYPOTHESES]
    whole = max(1.0, sum(item.confidence for item in ranked))
    return tuple(item.model_copy(update={"confidence": round(item.confidence / whole, 3)}) for item in ranked)


def _from_findings(incident: Incident, repository: RepositoryContext) -> Iterator[Hypothesis]:
    for place in incident.locations:
        suspect = next((item for item in repository.suspects if place.path.endswith(item.path)), None)
        if suspect is None:
            continue
        rule = place.rule_id or "a rule"
        where = f"{suspect.path}:{place.line}" if place.line else suspect.path
        yield Hypothesis(
            statement=f"{where} breaks {rule}: {one_line(incident.title, 160)}",
            confidence=_FINDING_CONFIDENCE,
            evidence=(Evidence(kind="rule", detail=f"{place.tool or 'static analysis'} reports {rule} at {where}"),),
            suspect=suspect,
        )


def _from_frames(incident: Incident, repository: RepositoryContext, sources: Sources) -> Iterator[Hypothesis]:
    """One for each exception of the chain, at its innermost frame inside the repository."""
    files = (*repository.source_files, *repository.test_files)
    innermost = [frame for frame in map_frames(incident.exceptions, files, repository.root) if frame.depth == 0]
    for order, frame in enumerate(innermost):
        yield _from_frame(incident, repository, sources, frame, _FRAME_CONFIDENCE * 0.4**order)


def _from_frame(
    incident: Incident, repository: RepositoryContext, sources: Sources, frame: OwnFrame, confidence: float
) -> Hypothesis:
    exception = incident.exceptions[frame.exception]
    outline = sources.outline(frame.path)
    statement = statement_at(outline, frame.line) if outline and frame.line else None
    is_raise_site = bool(exception.frames) and exception.frames[-1] == frame.reported
    where = f"{frame.path}:{frame.line}" if frame.line else frame.path
    subject = f"`{frame.function}` in {where}" if frame.function else where
    predicate = explain(exception, statement if is_raise_site else None)
    if not is_raise_site:
        predicate = f"calls code outside the repository, which {predicate}"
    evidence = [
        Evidence(kind="stack-frame", detail=f"{frame.reported.path}:{frame.reported.line} raised {exception.type}")
    ]
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
    place = (frame.path, frame.function)
    known = next((item for item in repository.suspects if (item.path, item.function) == place), None)
    suspect = known or Suspect(path=frame.path, function=frame.function, line=frame.line, score=confidence)
    return Hypothesis(
        statement=f"{subject} {predicate}", confidence=confidence, evidence=tuple(evidence), suspect=suspect
    )


def _from_suspects(repository: RepositoryContext, baseline: TestRun | None) -> Iterator[Hypothesis]:
    """Places that only names, tests or history point to: where, not what."""
    failing = baseline.failing if baseline else ()
    errors = _ERROR_LINE.findall(baseline.output_tail) if baseline else []
    for suspect in repository.suspects[:_MOST_HYPOTHESES]:
        where = f"{suspect.path}:{suspect.line}" if suspect.line else suspect.path
        subject = f"`{suspect.function}` in {where}" if suspect.function else where
        evidence = list(suspect.reasons)
        if failing:
            evidence.insert(0, Evidence(kind="test", detail=f"{len(failing)} tests fail, first {failing[0]}"))
        if errors:
            evidence.insert(1, Evidence(kind="test", detail=one_line(errors[0], 160)))
        share = _TEST_CONFIDENCE if failing else _TEST_CONFIDENCE / 2
        statement = (
            f"the fault most likely lies in {subject}: {suspect.reasons[0].detail}" if suspect.reasons else subject
        )
        yield Hypothesis(
            statement=statement, confidence=share * suspect.score, evidence=tuple(evidence[:6]), suspect=suspect
        )


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
