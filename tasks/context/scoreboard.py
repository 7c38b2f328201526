"""Points for places, gathered from every kind of evidence and made into a ranking."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from tasks.models import Evidence, Suspect

_MOST_SUSPECTS = 20
_MOST_REASONS = 6
_FILE_SHARE = 0.5
"""How much of what speaks for a file as a whole also speaks for each suspected function in it."""


@dataclass(frozen=True)
class Point:
    path: str
    points: float
    kind: str
    detail: str
    function: str | None = None
    line: int | None = None


@dataclass
class _Place:
    points: list[Point] = field(default_factory=list)

    @property
    def total(self) -> float:
        return sum(point.points for point in self.points)

    @property
    def line(self) -> int | None:
        """The line for which most speaks."""
        by_line: dict[int, float] = {}
        for point in self.points:
            if point.line is not None:
                by_line[point.line] = by_line.get(point.line, 0.0) + point.points
        return min(by_line, key=lambda line: (-by_line[line], line), default=None)


def rank(points: Iterable[Point]) -> tuple[Suspect, ...]:
    """Suspects, best first, their scores summing to 1; evidence for a file goes to its suspected functions."""
    places: dict[tuple[str, str | None], _Place] = {}
    for point in points:
        places.setdefault((point.path, point.function), _Place()).points.append(point)
    for path, function in list(places):
        if function is None:
            _hand_down(places, path)
    ordered = sorted(places.items(), key=lambda item: (-item[1].total, item[0][0], item[0][1] or ""))[:_MOST_SUSPECTS]
    whole = sum(place.total for _, place in ordered)
    return tuple(_suspect(path, function, place, whole) for (path, function), place in ordered)


def _hand_down(places: dict[tuple[str, str | None], _Place], path: str) -> None:
    functions = [place for (other, function), place in places.items() if other == path and function is not None]
    if not functions:
        return
    general = places[path, None]
    if any(point.line is not None for point in general.points):
        return  # module-level code is a place of its own
    del places[path, None]
    for place in functions:
        place.points += [
            Point(point.path, point.points * _FILE_SHARE, point.kind, point.detail) for point in general.points
        ]


def _suspect(path: str, function: str | None, place: _Place, whole: float) -> Suspect:
    strongest = sorted(place.points, key=lambda point: -point.points)[:_MOST_REASONS]
    return Suspect(
        path=path,
        function=function,
        line=place.line,
        score=place.total / whole,
        reasons=tuple(
            Evidence(kind=point.kind, detail=point.detail, weight=round(point.points / place.total, 4))
            for point in strongest
        ),
    )
