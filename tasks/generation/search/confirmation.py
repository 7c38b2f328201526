"""The proof that a candidate passes: a fresh fork, everything imported anew, tests in their original order."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from tasks.generation.search.candidates import Candidate
from tasks.generation.search.laboratory import FreshRun, Laboratory
from tasks.generation.search.sources import SourceFile

_SHARE = 0.2
"""Of the time limit: a suite that takes longer is confirmed by the tests near the change only."""


class Confirmation:
    def __init__(self, laboratory: Laboratory, targets: Sequence[str]) -> None:
        self._laboratory = laboratory
        self._targets = list(targets)
        self._files: dict[str, SourceFile] = {}
        self._verdicts: dict[tuple[object, ...], bool] = {}

    @cached_property
    def baseline(self) -> FreshRun:
        """The same tests but the targets, some of which may never end, on the unchanged code."""
        return self._run({}, None, self._targets)

    @cached_property
    def is_whole_suite(self) -> bool:
        seen = self._laboratory.seen
        known = sum(seen.passing_seconds.values())
        share = max(1, seen.traced) / max(1, len(self._laboratory.tests))
        return known / share < _SHARE * self._laboratory.budget.wall_s

    @cached_property
    def _selection(self) -> list[str]:
        """Empty for all tests, else the files of the failing tests and of those that cover what they run."""
        if self.is_whole_suite:
            return []
        return list(dict.fromkeys(name.split("::")[0] for name in self._targets))

    def _run(
        self, candidate_texts: dict[str, str], expected: list[str] | None, left_out: Sequence[str] = ()
    ) -> FreshRun:
        budget = self._laboratory.budget
        files = {path: self._files[path] for path in candidate_texts}
        seconds = max(2.0, min(0.4 * budget.wall_s, budget.left_s()))
        return self._laboratory.run_fresh(files, candidate_texts, self._selection, expected, seconds, left_out)

    def mends(self, candidate: Candidate) -> bool:
        """Whether the failing tests alone pass, in a fresh import."""
        self._files = {candidate.file.path: candidate.file}
        texts = {candidate.file.path: candidate.text()}
        run = self._laboratory.run_fresh(self._files, texts, self._targets, [], 10.0)
        return run.complete and not run.crashed and not run.failing and len(run.passed) >= len(self._targets)

    def is_known(self, candidate: Candidate) -> bool:
        """Whether `passes` answers at once."""
        return candidate.key() in self._verdicts

    def passes(self, candidate: Candidate) -> bool:
        """Whether every failing test passes and no other one fails that passed before."""
        if candidate.key() not in self._verdicts:
            self._verdicts[candidate.key()] = self._judge(candidate)
        return self._verdicts[candidate.key()]

    def _judge(self, candidate: Candidate) -> bool:
        before = self.baseline
        known = before.failing - set(self._targets)
        self._files = {candidate.file.path: candidate.file}
        run = self._run({candidate.file.path: candidate.text()}, sorted(known))
        known_here = set(self._laboratory.tests)
        broken = [name for name in run.failing - known - set(self._targets) if name in known_here]
        self._laboratory.breakers += [name for name in broken if name not in self._laboratory.breakers]
        return run.complete and not run.crashed and set(self._targets) <= run.passed and run.failing <= known
