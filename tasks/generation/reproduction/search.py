"""The search for a body that crashes as the incident says: seeds first, then their mutants, the near ones further."""

from __future__ import annotations

import re
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from tasks.generation.crash.project import Project
from tasks.generation.reproduction.bodies import Body, bodies_of, in_temporary_folder, with_constants_written_out
from tasks.generation.reproduction.calls import calls_of_targets
from tasks.generation.reproduction.mutations import mutants
from tasks.generation.reproduction.outages import with_outage
from tasks.generation.reproduction.rendering import batch_path, number_of, render_batch
from tasks.generation.reproduction.target import FULL_LIKENESS, Target, simulated_failure
from tasks.generation.reproduction.values import signatures_of
from tasks.generation.trial import Observed, TrialBench, Variant
from tasks.models import FileEdit

_FILE_CALLS = re.compile(r"\b(open|mkdir|makedirs|touch|write_text|write_bytes|unlink|rename|remove|rmtree|connect)\(")
BATCH = 250
MAX_SEEDS = 40
MAX_CALLS = 400
MAX_ROUND = 1500
MAX_ROUNDS = 3
"""The seeds, their mutants, and mutants of these."""
MAX_ALONE = 6
TEST_LIMIT_S = 2.0


@dataclass(frozen=True)
class Tried:
    body: Body
    error: Observed | None
    likeness: int
    reached: bool
    """Whether the raising function was on the stack of whatever happened."""


class Search:
    def __init__(
        self, target: Target, project: Project, bench: TrialBench, clues: list[object], deadline: float
    ) -> None:
        self.target = target
        self.project = project
        self.bench = bench
        self.clues = clues
        self.deadline = deadline
        self._seen: set[str] = set()

    def find(self) -> Tried | None:
        """The simplest body found that crashes alike, also on its own; None when none was found in time."""
        found: list[Tried] = []
        tried = self._run(self._seeds())
        for round_number in range(MAX_ROUNDS):
            found += self._alone(tried)
            best = max((one.likeness for one in found), default=0)
            enough = best >= self.target.wanted_likeness or (best >= FULL_LIKENESS and round_number > 0)
            if enough or time.monotonic() > self.deadline:
                break
            tried = self._run(self._next_round(tried))
        return min(found, key=_simplicity, default=None)

    def holds_alone(self, body: Body, likeness: int) -> Tried | None:
        """The body tried in a process of its own; None when it then is less alike."""
        return next((one for one in self._run_file([body]) if one.likeness >= likeness), None)

    def _alone(self, tried: Iterable[Tried]) -> list[Tried]:
        """The best of those that crash alike, tried again each in a process of its own.

        What only crashed because of tests that ran before in the same process is tried with its last step done twice.
        """
        alike = sorted((one for one in tried if one.likeness), key=_simplicity)
        singly = [one.body for one in alike[:MAX_ALONE]]
        twice = [body.with_statements((*body.statements, body.statements[-1]), "done twice") for body in singly]
        for bodies in (singly, twice):
            confirmed = [one for body in bodies for one in self._run_file([body]) if one.likeness]
            if confirmed:
                return confirmed
        return []

    def _seeds(self) -> list[Body]:
        failure = simulated_failure(self.target)
        known = (replace(body, failure=failure) for body in bodies_of(self.project))
        bodies = sorted(known, key=self._relevance)[:MAX_SEEDS]
        calls = list(islice(calls_of_targets(self.target, self.project, bodies, self.clues), MAX_CALLS))
        outages = islice(with_outage(self.target, [*bodies, *calls]), MAX_CALLS)
        return [with_constants_written_out(body) for body in (*bodies, *outages, *calls)]

    def _touches_files(self) -> bool:
        return any(_FILE_CALLS.search(frame.source.text) for frame in self.target.frames)

    def _relevance(self, body: Body) -> int:
        names = [frame.function.name for frame in self.target.frames]
        text = body.text
        return min((rank for rank, name in enumerate(names) if name in text), default=len(names))

    def _next_round(self, tried: Iterable[Tried]) -> Iterator[Body]:
        """Mutants in turn, so that no seed uses up the round; those that came near go first."""
        ranked = sorted(
            tried, key=lambda one: (not one.reached, one.error is not None, len(one.body.steps), len(one.body.text))
        )
        signatures = signatures_of(self.project)
        makers = [mutants(one.body, self.target.name, self.clues, signatures) for one in ranked[:60]]
        made = 0
        while makers and made < MAX_ROUND:
            for maker in list(makers):
                bodies = list(islice(maker, 4))
                if not bodies:
                    makers.remove(maker)
                made += len(bodies)
                yield from bodies

    def _run(self, bodies: Iterable[Body]) -> list[Tried]:
        """Each distinct body tried once; ends early when one crashes just as reported."""
        tried: list[Tried] = []
        if self._touches_files():
            bodies = (in_temporary_folder(body) for body in bodies)
        fresh = (body for body in bodies if self._is_new(body))
        while batch := list(islice(fresh, BATCH)):
            tried += self._run_batch(batch)
            if any(one.likeness >= self.target.wanted_likeness for one in tried) or time.monotonic() > self.deadline:
                break
        return tried

    def run_all(self, bodies: Iterable[Body]) -> list[Tried]:
        """All of `bodies`, known or not."""
        return self._run_batch(list(islice(bodies, BATCH)))

    def _is_new(self, body: Body) -> bool:
        key = f"{body.home.path}\0{body.fixtures}\0{body.text}"
        if key in self._seen:
            return False
        self._seen.add(key)
        return True

    def _run_batch(self, batch: list[Body]) -> list[Tried]:
        by_home: dict[str, list[Body]] = defaultdict(list)
        for body in batch:
            by_home[body.home.path].append(body)
        tried: list[Tried] = []
        for bodies in by_home.values():
            tried += self._run_file(bodies)
        return tried

    def _run_file(self, bodies: list[Body]) -> list[Tried]:
        home = bodies[0].home
        path = batch_path(home)
        edit = FileEdit(path=path, before=None, after=render_batch(home, bodies))
        left_s = max(1.0, self.deadline - time.monotonic())
        variant = Variant((edit,), (path,))
        result = self.bench.run([variant], limit_s=left_s, variant_limit_s=left_s, test_limit_s=TEST_LIMIT_S)[0]
        tried = []
        for node, outcome in result.tests.items():
            number = number_of(node)
            if number is not None and number < len(bodies):
                tried.append(self._judged(bodies[number], outcome.error))
        return tried

    def _judged(self, body: Body, error: Observed | None) -> Tried:
        name = self.target.raising.function.name
        reached = error is not None and any(name in frame.function for frame in error.frames if frame.path)
        return Tried(body, error, self.target.likeness(error), reached or name in body.text)


def _simplicity(one: Tried) -> tuple[int, int]:
    """Most alike first, then fewest changes; of equals the one tried first, whose values are the likeliest."""
    return -one.likeness, len(one.body.steps)
