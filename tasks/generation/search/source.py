"""Search-based repair as a source of candidates."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from tasks.generation.search.budget import Budget
from tasks.generation.search.candidates import Candidate, CandidateStream
from tasks.generation.search.confirmation import Confirmation
from tasks.generation.search.harvest import find_tests, harvest_facts
from tasks.generation.search.laboratory import Behaviour, Laboratory, open_laboratory
from tasks.generation.search.localization import RankedUnit, hints_of, rank_units, to_suspects, with_modules
from tasks.generation.search.naturalness import Naturalness
from tasks.generation.search.operators import load_operators
from tasks.generation.search.ranking import rank
from tasks.generation.search.scope import Facts
from tasks.generation.search.search import Found, Search
from tasks.generation.search.server import ServerLost
from tasks.generation.search.sources import SourceFile, load
from tasks.generation.search.test_arguments import collection_arguments
from tasks.models import CandidatePatch, Domain, GenerationOutcome, GenerationTask
from tasks.protocols import GeneratorTools, OperatorPriors, rejected_ids

logger = logging.getLogger(__name__)

_UNITS = 30
"""Functions, most suspicious first, whose edits are tried."""


class SearchSource:
    """Proposes edits that make the failing tests pass, found by localization and mutation."""

    name = "search"

    def __init__(
        self, cpu_limit_s: float | None = None, on_budget: Callable[[Budget], None] = lambda budget: None
    ) -> None:
        """`cpu_limit_s` bounds the CPU seconds of a call, by default the task's time limit times the jobs.

        `on_budget` is given the budget of each call, for those who want to know what it spent.
        """
        self._cpu_limit_s = cpu_limit_s
        self._on_budget = on_budget

    def propose(self, task: GenerationTask, tools: GeneratorTools) -> GenerationOutcome:
        targets = failing_tests(task)
        arguments = collection_arguments(task.test_command)
        if not targets or arguments is None:
            reason = "no failing test is known" if not targets else f"no pytest command: {task.test_command!r}"
            return GenerationOutcome(techniques_tried=(self.name,), notes=(f"search did not apply: {reason}",))
        jobs = max(1, tools.jobs)
        budget = Budget(task.time_limit_s, self._cpu_limit_s or task.time_limit_s * jobs)
        self._on_budget(budget)
        environment = task.incident.environment
        try:
            with open_laboratory(
                tools.sandbox, task.workspace, task.python, arguments, environment, jobs, budget
            ) as laboratory:
                return _Attempt(task, tools, laboratory, budget, targets).run()
        except ServerLost as error:
            logger.warning("search ended early: %s", error)
            return GenerationOutcome(techniques_tried=(self.name,), notes=(f"search ended early: {error}",))


def failing_tests(task: GenerationTask) -> list[str]:
    """Node ids that the patch has to mend: those of the incident that fail, else all that fail at baseline."""
    failing = task.baseline.failing if task.baseline is not None else ()
    named = task.incident.failing_tests
    chosen = [name for name in named if name in failing] or list(failing) or list(named)
    return list(dict.fromkeys(chosen))


class _Attempt:
    """One call: observe, localize, search, choose."""

    def __init__(
        self,
        task: GenerationTask,
        tools: GeneratorTools,
        laboratory: Laboratory,
        budget: Budget,
        targets: Sequence[str],
    ) -> None:
        self.task = task
        self.tools = tools
        self.laboratory = laboratory
        self.budget = budget
        self.targets = targets
        self._files: dict[str, SourceFile | None] = {}

    def load(self, path: str) -> SourceFile | None:
        if path not in self._files:
            self._files[path] = load(self.task.workspace, path)
        return self._files[path]

    def run(self) -> GenerationOutcome:
        self.tools.progress(f"observing {len(self.targets)} failing of {len(self.laboratory.tests)} tests")
        self.laboratory.observe(self.targets)
        seen = self.laboratory.seen
        if not seen.failures:
            return self._outcome([], Found(), "none of the failing tests fails in the fork server")
        tests = find_tests([failure.test for failure in seen.failures], self.load)
        facts = harvest_facts(tests, seen)
        ranked = rank_units(seen, self.load, self.task.analysis.suspects, hints_of(tests))
        if not ranked:
            return self._outcome([], Found(), "the failing tests run no function of the repository")
        best = ranked[0]
        self.tools.progress(f"localized: {best.file.path}:{best.unit.qualname if best.unit else ''}")
        priors = operator_priors(self.tools.priors, self.task.analysis.domain)
        candidates = CandidateStream(with_modules(ranked[:_UNITS]), load_operators(), priors, facts)
        confirmation = Confirmation(self.laboratory, [failure.test for failure in seen.failures])
        search = Search(self.laboratory, confirmation, self.budget, self.tools.progress)
        lost = ""
        try:
            search.run(candidates)
        except ServerLost as error:
            lost = f"; ended early: {error}"
        found = search.found
        note = f"tried {found.tried} of {candidates.generated} candidates worked out, "
        note += f"{len(found.plausible)} plausible{lost}"
        return self._outcome(ranked, found, note, self._choose(found, confirmation, facts))

    def _choose(self, found: Found, confirmation: Confirmation, facts: Facts) -> list[CandidatePatch]:
        """The best confirmed candidate of each behaviour, without those that validation turned away."""
        if not found.plausible:
            return []
        behaviour, tests_near = self._probe(found)
        naturalness = Naturalness(self._neighbours(found))
        rejected = rejected_ids(self.task)
        chosen: list[CandidatePatch] = []
        for choice in rank(found, behaviour, naturalness, facts, tests_near):
            patch = choice.patch()
            if len(chosen) == self.task.max_candidates:
                break
            affordable = confirmation.is_known(choice.candidate) or self.budget.left_s() > 1.0
            if patch.id not in rejected and affordable and confirmation.passes(choice.candidate):
                logger.debug("chose %s (%.2f): %s", patch.rule, patch.confidence, choice.features)
                chosen.append(patch)
        return chosen

    def _probe(self, found: Found) -> tuple[Behaviour | None, int]:
        """Behaviour of the original and of each plausible candidate; how many passing tests run what they change."""
        units = {c.unit.key: (c.unit, c.file) for c in (p.candidate for p in found.plausible) if c.unit is not None}
        covering = [name for unit, _ in units.values() for name in self.laboratory.covering(unit)]
        versions = [{}, *(_version(item.candidate) for item in found.plausible)]
        if not units or self.budget.left_s() < 1.0:
            return None, len(covering)
        tests = [*dict.fromkeys(covering)][:60] + [failure.test for failure in self.laboratory.seen.failures[:5]]
        behaviour = self.laboratory.probe(list(units.values()), versions, tests)
        return (behaviour if behaviour.marks else None), len(covering)

    def _neighbours(self, found: Found) -> list[str]:
        """Texts of the changed files and of some files beside them."""
        texts: dict[str, str] = {}
        for item in found.plausible:
            file = item.candidate.file
            texts[file.path] = file.text
            folder = (self.task.workspace / file.path).parent
            for path in sorted(folder.glob("*.py"))[:30]:
                near = self.load(path.relative_to(self.task.workspace).as_posix())
                if near is not None and sum(map(len, texts.values())) < 400_000:
                    texts[near.path] = near.text
        return list(texts.values())

    def _outcome(
        self, ranked: list[RankedUnit], found: Found, note: str, chosen: Sequence[CandidatePatch] = ()
    ) -> GenerationOutcome:
        return GenerationOutcome(
            candidates=tuple(chosen),
            suspects=to_suspects(ranked),
            candidates_tried=found.tried,
            test_runs=self.laboratory.test_runs + found.tried,
            techniques_tried=(SearchSource.name,),
            notes=(note,),
        )


def _version(candidate: Candidate) -> dict[str, str]:
    """What the candidate changes, by unit; nothing for a change outside of functions, which cannot be probed."""
    return {candidate.unit.key: candidate.unit_text()} if candidate.unit is not None else {}


def operator_priors(learned: OperatorPriors | None, domain: Domain) -> Mapping[str, float]:
    """The hand-made weight of each operator, corrected by what history says."""
    own = _own_priors()
    if learned is None:
        return own
    return {name: weight * learned.weight(name, domain) for name, weight in own.items()}


@lru_cache(maxsize=1)
def _own_priors() -> dict[str, float]:
    text = (Path(__file__).parent / "operator_priors.json").read_text()
    return {str(name): float(weight) for name, weight in json.loads(text).items()}
