"""Two edits at once, only around partial progress: the space of all pairs is too large to be worth its time."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace

from tasks.generation.search.candidates import Candidate

_FIRST = 25
_SECOND = 120


def pair_up(partial: Sequence[Candidate], others: Sequence[Candidate]) -> Iterator[Candidate]:
    """Pairs of a candidate that let a failing test get further and another edit of its function, best first."""
    found = []
    for first in sorted(partial, key=lambda candidate: -candidate.score)[:_FIRST]:
        same = (other for other in others if other.unit is not None and other.unit is first.unit)
        for second in itertools.islice(same, _SECOND):
            if not _overlap(first, second):
                score = first.score * second.score
                rule = f"{first.rule}+{second.rule}"
                edits = (*first.edits, *second.edits)
                found.append(replace(first, edits=edits, rule=rule, score=score))
    seen = set()
    for candidate in sorted(found, key=lambda candidate: -candidate.score):
        key = frozenset(candidate.edits)
        if key not in seen:
            seen.add(key)
            yield candidate


def _overlap(first: Candidate, second: Candidate) -> bool:
    return any(one.start <= two.end and two.start <= one.end for one in first.edits for two in second.edits)
