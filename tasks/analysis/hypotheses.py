"""Explanations of an incident, each with the evidence that it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tasks.analysis.failures import TestFailure
from tasks.analysis.frame_hypotheses import from_frames
from tasks.analysis.rules import meaning_of
from tasks.analysis.test_hypotheses import from_tests
from tasks.context.display import one_line
from tasks.context.outline import Sources
from tasks.models import CodeLocation, Evidence, Hypothesis, Incident, RepositoryContext, Suspect, TestRun

_FRAME_CONFIDENCE = 0.7
_FINDING_CONFIDENCE = 0.85
_SUSPECT_CONFIDENCE = 0.2
_MOST_HYPOTHESES = 5


def find_hypotheses(
    incident: Incident,
    repository: RepositoryContext,
    baseline: TestRun | None,
    failures: Sequence[TestFailure],
    sources: Sources,
) -> tuple[Hypothesis, ...]:
    """Best first, at most one a place, confidences summing to at most 1; empty when nothing points anywhere."""
    found = [
        *_from_findings(incident, repository),
        *from_frames(incident.exceptions, repository, sources, _FRAME_CONFIDENCE),
        *from_tests(repository, baseline, failures, sources),
        *_from_suspects(repository),
    ]
    best: dict[tuple[str, str | None], Hypothesis] = {}
    for item in sorted(found, key=lambda item: -item.confidence):
        if item.suspect:
            best.setdefault((item.suspect.path, item.suspect.function), item)
    ranked = list(best.values())[:_MOST_HYPOTHESES]
    whole = max(1.0, sum(item.confidence for item in ranked))
    return tuple(item.model_copy(update={"confidence": round(item.confidence / whole, 3)}) for item in ranked)


def _from_findings(incident: Incident, repository: RepositoryContext) -> Iterator[Hypothesis]:
    for place in incident.locations:
        path = place.path.replace("\\", "/")
        suspect = next((item for item in repository.suspects if f"/{path}".endswith(f"/{item.path}")), None)
        if suspect is not None:
            yield _finding(incident, place, suspect)


def _finding(incident: Incident, place: CodeLocation, suspect: Suspect) -> Hypothesis:
    rule = place.rule_id or "a rule"
    where = f"{suspect.path}:{place.line}" if place.line else suspect.path
    subject = f"`{suspect.function}` in {where}" if suspect.function else where
    meaning = meaning_of(place.rule_id)
    says = f"{subject} {meaning} ({rule})" if meaning else f"{subject} breaks {rule}: {one_line(incident.title, 160)}"
    return Hypothesis(
        statement=says,
        confidence=_FINDING_CONFIDENCE,
        evidence=(Evidence(kind="rule", detail=f"{place.tool or 'static analysis'} reports {rule} at {where}"),),
        suspect=suspect,
    )


def _from_suspects(repository: RepositoryContext) -> Iterator[Hypothesis]:
    """Places that only names or history point to: where, not what."""
    for suspect in repository.suspects[:_MOST_HYPOTHESES]:
        where = f"{suspect.path}:{suspect.line}" if suspect.line else suspect.path
        subject = f"`{suspect.function}` in {where}" if suspect.function else where
        why = f": {suspect.reasons[0].detail}" if suspect.reasons else ""
        yield Hypothesis(
            statement=f"the fault most likely lies in {subject}{why}",
            confidence=_SUSPECT_CONFIDENCE * suspect.score,
            evidence=suspect.reasons,
            suspect=suspect,
        )
