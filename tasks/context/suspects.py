"""Where in the repository the fault may lie, and why."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from tasks.context.clues import Clues, find_clues
from tasks.context.crash_sites import crash_site_points
from tasks.context.frames import OwnFrame, map_frames
from tasks.context.name_points import name_points
from tasks.context.outline import Sources
from tasks.context.scoreboard import Point, rank
from tasks.context.shortlist import shortlist
from tasks.context.substance import weigh_by_substance
from tasks.context.test_points import failing_test_points
from tasks.models import Commit, ExceptionInfo, Incident, RepositoryContext, Suspect

_FRAME_POINTS = 12.0
_DECAY = 0.55
"""Of a frame's points, for each step away from the raise."""
_AGAIN_SHARE = 0.1
_LOCATION_POINTS = 12.0
_CHURN_POINTS = 1.5
_FALLBACK_COMMITS = 3


def rank_suspects(incident: Incident, repository: RepositoryContext) -> tuple[Suspect, ...]:
    """Places most likely to hold the fault, best first, their scores summing to 1.

    Narrows file, then function, then line, as Agentless does (arXiv 2407.01489); stack frames and findings outweigh
    names, and names outweigh churn. When nothing in the incident names a place, the files of the newest commits are
    offered, and their only reason says so; empty when there are none.
    """
    sources = Sources(repository.root)
    files = (*repository.source_files, *repository.test_files)
    frames = map_frames(incident.exceptions, files, repository.root)
    clues = find_clues(_without_placed(incident, frames))
    points = [
        *frame_points(frames, incident.exceptions, frozenset(repository.test_files)),
        *_location_points(incident, frozenset(files), sources),
        *failing_test_points(incident.failing_tests, repository, sources),
        *_named_points(clues, repository, sources),
        *crash_site_points(incident, repository, sources),
    ]
    named = {point.path for point in points}
    points += _churn_points(repository.recent_commits, named, clues)
    return rank(list(weigh_by_substance(points, sources)) or weigh_by_substance(_newest_points(repository), sources))


def _without_placed(incident: Incident, frames: Sequence[OwnFrame]) -> Incident:
    """Without the exceptions whose frames are known: their words would count a second time, for whoever wraps them."""
    placed = {frame.exception for frame in frames}
    rest = tuple(item for index, item in enumerate(incident.exceptions) if index not in placed)
    return incident.model_copy(update={"exceptions": rest})


def frame_points(
    frames: Sequence[OwnFrame], exceptions: Sequence[ExceptionInfo], tests: frozenset[str]
) -> Iterator[Point]:
    """Points for the places of a chain's frames, most for the one that raised.

    A function that is on the way more than once, by recursion or by wrapping what it met, counts little more for it.
    """
    points = [_frame_point(frame, exceptions, tests) for frame in frames]
    seen: set[tuple[str, str | None]] = set()
    for point in sorted(points, key=lambda point: -point.points):
        again = (point.path, point.function) in seen
        seen.add((point.path, point.function))
        yield replace(point, points=point.points * _AGAIN_SHARE) if again else point


def _frame_point(frame: OwnFrame, exceptions: Sequence[ExceptionInfo], tests: frozenset[str]) -> Point:
    share = _exception_share(exceptions, frame.exception) * _DECAY**frame.depth
    share *= 1.0 if frame.confirmed or not frame.path.endswith(".py") else 0.5
    if frame.path in tests:
        share *= 0.05  # a test shows the fault, it seldom is the fault
    where = "raised here" if frame.depth == 0 else f"{frame.depth} call{'s' * (frame.depth > 1)} above the raise"
    detail = _describe(frame, where)
    return Point(frame.path, _FRAME_POINTS * share, "stack-frame", detail, frame.function, frame.line)


def _describe(frame: OwnFrame, where: str) -> str:
    reported = f"{frame.reported.path}:{frame.reported.line}" if frame.reported.line else frame.reported.path
    moved = ", a line that is no longer in the function" if frame.line is None and frame.reported.line else ""
    moved = f", now line {frame.line}" if frame.moved and frame.line else moved
    doubt = "" if frame.confirmed or not frame.path.endswith(".py") else "; the file does not hold what was reported"
    return f"{reported}{moved}, {where}{doubt}"


def _exception_share(exceptions: Sequence[ExceptionInfo], index: int) -> float:
    """Of a chain, the first exception tells the cause; one raised while handling it may be a fault of its own."""
    if index == 0 or exceptions[index].relation == "group":
        return 1.0
    return 0.6 if any(item.relation == "context" for item in exceptions) else 0.4


def _location_points(incident: Incident, files: frozenset[str], sources: Sources) -> Iterator[Point]:
    for place in incident.locations:
        path = place.path.replace("\\", "/").removeprefix("./").removeprefix("file://")
        own = path if path in files else _with_tail(path, files)
        if own is None:
            continue
        outline = sources.outline(own)
        span = outline.function_at(place.line) if outline and place.line else None
        detail = (
            f"{place.tool or 'static analysis'} reports {place.rule_id or 'a finding'} at {place.path}:{place.line}"
        )
        yield Point(own, _LOCATION_POINTS, "rule", detail, span.name if span else None, place.line)


def _with_tail(path: str, files: Iterable[str]) -> str | None:
    return min((own for own in files if path.endswith(f"/{own}")), key=lambda own: (-len(own), own), default=None)


def _named_points(clues: Clues, repository: RepositoryContext, sources: Sources) -> Iterator[Point]:
    for path in shortlist(clues, repository):
        yield from name_points(path, clues, sources)


def _churn_points(commits: Sequence[Commit], paths: set[str], clues: Clues) -> Iterator[Point]:
    """Recent change speaks for a place that something else points to, less the wider the commit was."""
    words = {clue.text.lower() for clue in clues.named}
    for age, commit in enumerate(commits):
        touched = paths.intersection(commit.paths)
        mention = 2.0 if words.intersection(commit.subject.lower().split()) else 1.0
        share = mention * 0.85**age / (1.0 + math.log2(max(1, len(commit.paths))))
        for path in sorted(touched):
            yield Point(path, _CHURN_POINTS * share, "commit", _describe_commit(commit))


def _newest_points(repository: RepositoryContext) -> Iterator[Point]:
    sources = frozenset(repository.source_files)
    for age, commit in enumerate(repository.recent_commits[:_FALLBACK_COMMITS]):
        for path in sorted(sources.intersection(commit.paths)):
            share = 0.6**age / max(1, len(commit.paths))
            yield Point(path, share, "commit", f"nothing names it, but {_describe_commit(commit)}")


def _describe_commit(commit: Commit) -> str:
    return f"changed by {commit.sha[:10]} of {_day(commit.committed_at)}: {commit.subject[:80]}"


def _day(moment: datetime) -> str:
    return moment.date().isoformat()
