"""Choosing among plausible candidates: equal behaviour counted as agreement, the most natural first, doubts said."""

from __future__ import annotations

import difflib
import math
from collections.abc import Sequence
from dataclasses import dataclass

from tasks.generation.search.candidates import Candidate
from tasks.generation.search.confidence import Features, confidence
from tasks.generation.search.laboratory import Behaviour
from tasks.generation.search.naturalness import Naturalness
from tasks.generation.search.scope import Facts
from tasks.generation.search.search import Found, Plausible
from tasks.generation.search.suspicions import suspicions
from tasks.models import CandidatePatch, FileEdit, Technique

LONGEST_QUOTE = 120
"""Characters of code in a description."""


@dataclass(frozen=True)
class Choice:
    """A plausible candidate with what speaks for and against it."""

    candidate: Candidate
    suspicions: tuple[str, ...]
    features: Features
    strength: float
    """The order of choices of one search; meaningless between searches."""

    def patch(self) -> CandidatePatch:
        candidate = self.candidate
        where = candidate.unit.qualname if candidate.unit is not None else candidate.file.path
        after = candidate.text()
        edit = FileEdit(
            path=candidate.file.path, before=candidate.file.text, after=after, encoding=candidate.file.encoding
        )
        return CandidatePatch(
            edits=(edit,),
            technique=Technique.SEARCH,
            rule=candidate.rule,
            description=f"In `{where}`, line {candidate.line}: {_what_changes(candidate.file.text, after)}.",
            generator="search",
            confidence=confidence(self.features, len(self.suspicions)),
            suspicions=self.suspicions,
        )


def _what_changes(before: str, after: str) -> str:
    """The lines that go and come, as a sentence: what a reviewer wants to know first."""
    lines = list(difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm=""))[2:]
    gone = "; ".join(line[1:].strip() for line in lines if line[0] == "-" and line[1:].strip())
    come = "; ".join(line[1:].strip() for line in lines if line[0] == "+" and line[1:].strip())
    if gone and come:
        return f"`{_shortened(gone)}` becomes `{_shortened(come)}`"
    return f"`{_shortened(come)}` is added" if come else f"`{_shortened(gone)}` is taken out"


def _shortened(code: str) -> str:
    return code if len(code) <= LONGEST_QUOTE else f"{code[: LONGEST_QUOTE - 1]}…"


def rank(
    found: Found, behaviour: Behaviour | None, naturalness: Naturalness, facts: Facts, tests_near: int
) -> list[Choice]:
    """One choice for each group of equal behaviour, best first."""
    groups = _groups(found.plausible, behaviour)
    rated = [_rate(item, facts, naturalness) for item in found.plausible]
    total = sum(math.exp(value) for value in rated) or 1.0
    choices = []
    for members in groups:
        best = max(members, key=lambda index: rated[index])
        share = sum(math.exp(rated[index]) for index in members) / total
        changed = _changed(best, behaviour)
        candidate = found.plausible[best].candidate
        doubts = suspicions(candidate, facts, found.plausible[best].accidents)
        features = Features(
            share=share,
            groups=len(groups),
            rank=found.plausible[best].rank,
            gain=_gain(candidate, naturalness),
            size=_size(candidate),
            changed=changed,
            informed=_known_behaviour(best, behaviour) is not None,
            tests_near=tests_near,
            rule=candidate.rule,
        )
        strength = rated[best] + 0.5 * math.log(len(members)) - 1.0 * changed - 1.5 * len(doubts)
        choices.append(Choice(candidate, doubts, features, strength))
    return sorted(choices, key=lambda choice: -choice.strength)


def _groups(items: Sequence[Plausible], behaviour: Behaviour | None) -> list[list[int]]:
    """Indices of candidates that behave alike on every probed input; alone when that is unknown."""
    found: dict[object, list[int]] = {}
    for index in range(len(items)):
        found.setdefault(_known_behaviour(index, behaviour) or index, []).append(index)
    return list(found.values())


def _known_behaviour(index: int, behaviour: Behaviour | None) -> tuple[str, ...] | None:
    """The candidate's outcomes; None when the probe did not reach what the candidate changes."""
    if behaviour is None or behaviour.inputs < 3 or behaviour.marks[index + 1] == behaviour.marks[0]:
        return None
    return behaviour.marks[index + 1]


def _changed(index: int, behaviour: Behaviour | None) -> float:
    """Share of the probed inputs on which the candidate differs from the original."""
    if behaviour is None or not behaviour.inputs:
        return 0.5
    before, after = behaviour.marks[0], behaviour.marks[index + 1]
    if before is None or after is None:
        return 0.5
    return sum(a != b for a, b in zip(before, after, strict=True)) / len(before)


def _rate(item: Plausible, facts: Facts, naturalness: Naturalness) -> float:
    """Log-odds like worth of one candidate by itself."""
    candidate = item.candidate
    doubts = len(suspicions(candidate, facts, item.accidents))
    return (
        0.8 * math.log(max(candidate.score, 1e-9))
        + 0.6 * max(-3.0, min(3.0, _gain(candidate, naturalness)))
        - 0.05 * _size(candidate)
        - 1.5 * doubts
    )


def _gain(candidate: Candidate, naturalness: Naturalness) -> float:
    before, after = changed_lines(candidate)
    return naturalness.gain(before, after)


def changed_lines(candidate: Candidate) -> tuple[str, str]:
    """The lines that the edits touch, before and after."""
    text = candidate.file.text
    first = text.rfind("\n", 0, min(edit.start for edit in candidate.edits)) + 1
    last = text.find("\n", max(edit.end for edit in candidate.edits))
    last = len(text) if last < 0 else last
    after = candidate.text()
    return text[first:last], after[first : last + len(after) - len(text)]


def _size(candidate: Candidate) -> int:
    """Characters that differ."""
    before, after = changed_lines(candidate)
    blocks = difflib.SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    same = sum(block.size for block in blocks)
    return len(before) + len(after) - 2 * same
