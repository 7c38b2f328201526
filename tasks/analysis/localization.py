"""Suspects ranked again with what the repository's own failing tests show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from tasks.analysis.failures import TestFailure
from tasks.context.display import one_line
from tasks.context.frames import map_frames
from tasks.context.outline import Sources
from tasks.context.scoreboard import Point, rank
from tasks.context.substance import weigh_by_substance
from tasks.context.suspects import frame_points
from tasks.context.test_points import failing_test_points
from tasks.models import RepositoryContext, Suspect, TestRun

_SHARES = (
    (frozenset({"stack-frame", "rule"}), 0.75),
    (frozenset({"test"}), 0.55),
    (frozenset({"name", "log-line"}), 0.4),
)
"""Of the belief that stays with what the incident itself says, by the best kind of evidence in it."""
_HISTORY_SHARE = 0.1


def localize(
    repository: RepositoryContext, baseline: TestRun | None, failures: Sequence[TestFailure], sources: Sources
) -> tuple[Suspect, ...]:
    """The context's suspects, joined with places that the failing tests crash in or reach; scores sum to 1.

    A failure that has nothing to do with the incident can only take the share that the incident's own words leave.
    """
    points = [*_crash_points(repository, failures), *_test_points(repository, baseline, sources)]
    shown = list(weigh_by_substance(points, sources))
    if not shown:
        return repository.suspects
    known = list(_known_points(repository.suspects))
    share = _incident_share(repository.suspects) if known else 0.0
    return rank([*_scaled(known, share), *_scaled(shown, 1.0 - share)])


def _crash_points(repository: RepositoryContext, failures: Sequence[TestFailure]) -> Iterator[Point]:
    files = (*repository.source_files, *repository.test_files)
    for failure in failures:
        frames = map_frames(failure.exceptions, files, repository.root)
        for point in frame_points(frames, failure.exceptions, frozenset(repository.test_files)):
            if point.path not in repository.test_files:
                yield replace(point, detail=f"{one_line(failure.test) or 'a test'} crashes: {point.detail}")


def _test_points(repository: RepositoryContext, baseline: TestRun | None, sources: Sources) -> Iterator[Point]:
    if baseline is not None:
        yield from failing_test_points(baseline.failing, repository, sources, baseline.passing)


def _known_points(suspects: Iterable[Suspect]) -> Iterator[Point]:
    for suspect in suspects:
        for reason in suspect.reasons:
            points = suspect.score * reason.weight
            yield Point(suspect.path, points, reason.kind, reason.detail, suspect.function, suspect.line)


def _incident_share(suspects: Sequence[Suspect]) -> float:
    kinds = {reason.kind for suspect in suspects for reason in suspect.reasons}
    return next((share for group, share in _SHARES if kinds & group), _HISTORY_SHARE)


def _scaled(points: Sequence[Point], whole: float) -> list[Point]:
    total = sum(point.points for point in points)
    return [replace(point, points=point.points * whole / total) for point in points if total]
