"""What failing tests say: the code that they run, and that passing tests don't, is held to account."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from tasks.context.display import one_line
from tasks.context.outline import Sources
from tasks.context.reach import Place, Reach
from tasks.context.scoreboard import Point
from tasks.models import RepositoryContext

_FILE_POINTS = 3.0
_FUNCTION_POINTS = 5.0
_MOST_FAILING = 20
_MOST_PASSING = 200


def failing_test_points(
    failing: Sequence[str], repository: RepositoryContext, sources: Sources, passing: Sequence[str] = ()
) -> Iterator[Point]:
    """Points for the files that failing tests import, and for the functions that they reach.

    A function counts by Ochiai's measure over the tests that reach it, each weighted by how directly; reaching is
    read from names, since no test is run here.
    """
    if not failing:
        return
    reach = Reach(repository, sources)
    yield from _file_points(failing[:_MOST_FAILING], reach)
    failed = {test: reach.of_test(test) for test in failing[:_MOST_FAILING]}
    passed = {test: reach.of_test(test) for test in passing[:_MOST_PASSING]}
    for place in dict.fromkeys(place for reached in failed.values() for place in reached):
        yield _function_point(place, failed, passed)


def _file_points(failing: Sequence[str], reach: Reach) -> Iterator[Point]:
    importing: dict[str, list[str]] = {}
    shares: dict[str, float] = {}
    for test in failing:
        imported = reach.imports(reach.place_of(test)[0])
        for path in sorted(imported):
            importing.setdefault(path, []).append(test)
            shares[path] = shares.get(path, 0.0) + 1.0 / (len(imported) * len(failing))
    for path, tests in importing.items():
        others = f", {len(tests)} failing tests in all" if len(tests) > 1 else ""
        detail = f"{one_line(tests[0])} fails and its file imports this one{others}"
        yield Point(path, _FILE_POINTS * shares[path], "test", detail)


def _function_point(
    place: Place, failed: dict[str, dict[Place, float]], passed: dict[str, dict[Place, float]]
) -> Point:
    reaching = {test: reached[place] for test, reached in failed.items() if place in reached}
    clean = sum(reached.get(place, 0.0) for reached in passed.values())
    weight = sum(reaching.values())
    ochiai = weight / math.sqrt(len(failed) * (weight + clean))
    nearest = max(reaching, key=lambda test: reaching[test])
    verb = "names it" if reaching[nearest] == 1.0 else "reaches it through calls"
    others = f", {len(reaching)} failing tests in all" if len(reaching) > 1 else ""
    doubt = ", passing tests reach it too" if clean else ""
    detail = f"{one_line(nearest)} fails and {verb}{others}{doubt}"
    path, function = place
    return Point(path, _FUNCTION_POINTS * ochiai, "test", detail, function, None)
