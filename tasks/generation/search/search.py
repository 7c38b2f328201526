"""The search itself: try candidates in order of promise, confirm those that pass, stop when enough is known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field

from tasks.generation.search.budget import Budget
from tasks.generation.search.candidates import Candidate
from tasks.generation.search.confirmation import Confirmation
from tasks.generation.search.laboratory import Laboratory, Trial
from tasks.generation.search.pairs import pair_up
from tasks.generation.search.server import ForkServer

_BATCH = 120
_PAIRS_FROM = 0.5
"""Share of the budget from which pairs of edits are tried, where some edit made progress."""
_LOOK_AROUND = 0.1
_ENOUGH = 40
"""Plausible candidates after which more of them tell nothing new."""


@dataclass
class Plausible:
    candidate: Candidate
    accidents: int
    rank: int
    """How many candidates had been tried before it."""


@dataclass
class Found:
    plausible: list[Plausible] = field(default_factory=list)
    partial: list[tuple[Candidate, int]] = field(default_factory=list)
    """Candidates that let a failing test get further, with the number of tests mended."""
    tried: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    first_at: float | None = None
    """Share of the budget used when the first plausible candidate was confirmed."""


class Search:
    def __init__(
        self, laboratory: Laboratory, confirmation: Confirmation, budget: Budget, progress: Callable[[str], None]
    ) -> None:
        self.laboratory = laboratory
        self.confirmation = confirmation
        self.budget = budget
        self.progress = progress
        self.found = Found()
        self._imports: list[Candidate] = []
        """Candidates that only a fresh import can try."""
        self._import_share = 0.0
        self._singles: list[Candidate] = []

    def run(self, candidates: Iterator[Candidate]) -> None:
        """Try candidates until they, the time or the need for more are exhausted."""
        pending = self._batches(self._with_pairs(candidates))
        with ThreadPoolExecutor(max_workers=len(self.laboratory.servers)) as pool:
            self._run_batches(pending, pool)
        while self._imports and not self._is_done():
            self._try_import(self._imports.pop(0))

    def _run_batches(self, pending: Iterator[list[Candidate]], pool: ThreadPoolExecutor) -> None:
        running: dict[Future[list[Trial]], tuple[list[Candidate], ForkServer]] = {}
        idle = list(self.laboratory.servers)
        while True:
            while idle and not self._is_done() and (batch := next(pending, None)):
                server = idle.pop()
                running[pool.submit(self.laboratory.try_batch, batch, server)] = (batch, server)
            if not running:
                return
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                batch, server = running.pop(future)
                idle.append(server)
                self._take(batch, future.result())
            self._spend_on_imports()

    def _take(self, batch: list[Candidate], trials: list[Trial]) -> None:
        for candidate, trial in zip(batch, trials, strict=True):
            self.found.statuses[trial.status] += 1
            if trial.status not in ("duplicate", "invalid", "unswappable", "untried"):
                self.found.tried += 1
            if trial.status == "passes":
                self._keep(candidate, trial)
            elif trial.status == "progress" and len(self.found.partial) < 60:
                self.found.partial.append((candidate, trial.mended))
            elif trial.status == "unswappable":
                self._imports.append(candidate)
        self.progress(f"tried {self.found.tried} candidates, {len(self.found.plausible)} plausible")

    def _keep(self, candidate: Candidate, trial: Trial) -> None:
        """Add a candidate that passed; the first is confirmed at once, the others when they are chosen."""
        if len(self.found.plausible) >= _ENOUGH:
            return
        if self.found.first_at is None:
            if not self._survives_breakers(candidate):
                return
            if not self.confirmation.passes(candidate):
                return
            self.found.first_at = self.budget.used()
            self.progress(f"plausible: {candidate.rule} at {candidate.file.path}:{candidate.line}")
        self.found.plausible.append(Plausible(candidate, trial.accidents, self.found.tried))

    def _survives_breakers(self, candidate: Candidate) -> bool:
        """Whether it also passes the tests that only a whole run showed to matter, after it was tried."""
        if not self.laboratory.breakers or candidate.unit is None:
            return True
        trial = self.laboratory.try_batch([candidate], self.laboratory.servers[0], again=True)[0]
        return trial.status == "passes"

    def _spend_on_imports(self) -> None:
        """A fifth of the time goes to candidates that need a fresh import."""
        while self._imports and not self._is_done() and self._import_share < 0.2 * self.budget.used():
            self._try_import(self._imports.pop(0))

    def _try_import(self, candidate: Candidate) -> None:
        before = self.budget.used()
        self.found.tried += 1
        if self.confirmation.mends(candidate):
            self._keep(candidate, Trial("passes", 0, 0))
        self._import_share += self.budget.used() - before

    def _is_done(self) -> bool:
        if self.budget.left_s() < 0.5 or self.budget.is_spent() or len(self.found.plausible) >= _ENOUGH:
            return True
        if self.found.first_at is None:
            return False
        # A look around after the first find shows how ambiguous the tests are.
        return self.budget.used() > min(0.9, self.found.first_at + _LOOK_AROUND)

    def _with_pairs(self, singles: Iterator[Candidate]) -> Iterator[Candidate]:
        """Single edits; from half of the time on, pairs around partial progress come before the rest of them."""
        paired = False
        for single in singles:
            if not paired and self.found.partial and not self.found.plausible and self.budget.used() > _PAIRS_FROM:
                paired = True
                yield from self._pairs()
            if single.unit is not None:
                self._singles.append(single)
            yield single
        if not paired and not self.found.plausible:
            yield from self._pairs()

    def _pairs(self) -> Iterator[Candidate]:
        self.progress(f"combining {len(self.found.partial)} edits that made progress with others")
        return pair_up([candidate for candidate, _ in self.found.partial], self._singles)

    def _batches(self, candidates: Iterator[Candidate]) -> Iterator[list[Candidate]]:
        """Small batches first, so that an early hit stops the search early; what needs an import is set aside."""
        size = 20
        batch: list[Candidate] = []
        for candidate in candidates:
            if candidate.unit is None:
                self._imports.append(candidate)
                continue
            batch.append(candidate)
            if len(batch) == size:
                yield batch
                batch, size = [], min(_BATCH, size + 20)
        if batch:
            yield batch
