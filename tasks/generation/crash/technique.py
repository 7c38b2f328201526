"""Crash templates as one technique: propose, try, keep what mends the failing tests and breaks nothing."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from tasks.generation.crash.catalogue import TEMPLATES
from tasks.generation.crash.project import Project
from tasks.generation.crash.proposal import Template, candidate_of, sorted_proposals
from tasks.generation.crash.site import CrashSite, crash_site
from tasks.generation.trial import Observed, TrialBench, Variant, VariantResult, open_bench
from tasks.models import CandidatePatch, GenerationOutcome, GenerationTask
from tasks.protocols import GeneratorTools, rejected_ids

logger = logging.getLogger(__name__)

MAX_TRIED = 120
LONG_SUITE_S = 5.0
MAX_SCOPE = 12
CONFIRMED_FACTOR = 3
"""So many times `max_candidates` are put to the whole test suite."""


class CrashTemplateSource:
    """Mends a crash by the kind of exception and the code that raised it; needs a failing test that shows it."""

    name = "crash-templates"

    def __init__(self, templates: Sequence[Template] = TEMPLATES) -> None:
        self.templates = tuple(templates)

    def propose(self, task: GenerationTask, tools: GeneratorTools) -> GenerationOutcome:
        """Candidates that make the failing tests pass and break no other, best first."""
        failing = task.baseline.failing if task.baseline is not None else ()
        if not failing:
            return GenerationOutcome(techniques_tried=(self.name,), notes=("crash templates need a failing test",))
        with open_bench(task, tools) as bench:
            return _Attempt(task, tools, bench, failing).run(self.templates)


class _Attempt:
    def __init__(
        self, task: GenerationTask, tools: GeneratorTools, bench: TrialBench, failing: tuple[str, ...]
    ) -> None:
        self.task = task
        self.tools = tools
        self.bench = bench
        self.failing = failing
        self.deadline = time.monotonic() + task.time_limit_s
        self.tried = 0

    def run(self, templates: Iterable[Template]) -> GenerationOutcome:
        project = Project(self.task.workspace, self.task.repository.source_files, self.task.repository.test_files)
        first = self._try([Variant(nodes=self.failing)])[0]
        sites = crash_sites(first, self.task, project)
        if not sites:
            return self._outcome((), "no failing test raises inside the repository's own code")
        proposed = [proposal for site in sites for template in templates for proposal in template(site)]
        candidates = self._unique(candidate_of(proposal, project) for proposal in sorted_proposals(proposed))
        mending = self._mending(candidates)
        confirmed = self._unbroken(mending[: self.task.max_candidates * CONFIRMED_FACTOR])
        logger.info("crash templates: %d proposed, %d mend, %d kept", len(candidates), len(mending), len(confirmed))
        note = f"{len(candidates)} crash templates tried, {len(mending)} mend the failing tests"
        return self._outcome(tuple(confirmed[: self.task.max_candidates]), note)

    def _try(self, variants: Sequence[Variant]) -> list[VariantResult]:
        left_s = self.deadline - time.monotonic()
        return (
            self.bench.run(variants, limit_s=left_s) if left_s > 0 else [VariantResult({}, "not run")] * len(variants)
        )

    def _unique(self, candidates: Iterable[CandidatePatch | None]) -> list[CandidatePatch]:
        turned_away = rejected_ids(self.task)
        found: dict[str, CandidatePatch] = {}
        for candidate in candidates:
            if candidate is not None and candidate.id not in turned_away:
                found.setdefault(candidate.id, candidate)
        return list(found.values())[:MAX_TRIED]

    def _mending(self, candidates: list[CandidatePatch]) -> list[CandidatePatch]:
        self.tried += len(candidates)
        self.tools.progress(f"trying {len(candidates)} crash templates")
        results = self._try([Variant(candidate.edits, self.failing) for candidate in candidates])
        return [c for c, result in zip(candidates, results, strict=True) if result.passes(self.failing)]

    def _unbroken(self, candidates: list[CandidatePatch]) -> list[CandidatePatch]:
        """Those with which no test fails that did not fail before."""
        if not candidates:
            return []
        scope = self._scope(candidates)
        variants = [Variant(nodes=scope), *(Variant(candidate.edits, scope) for candidate in candidates)]
        before, *after = self._try(variants)
        known = before.failing | set(self.failing)
        finished = {node for node, test in before.tests.items() if test.outcome != "started"}
        return [
            candidate
            for candidate, result in zip(candidates, after, strict=True)
            if result.ended == before.ended and result.failing & finished <= known and result.tests.keys() >= finished
        ]

    def _scope(self, candidates: list[CandidatePatch]) -> tuple[str, ...]:
        """All tests; of a suite that takes long, the files that name a changed module. Validation runs the rest."""
        duration_s = self.task.baseline.duration_s if self.task.baseline is not None else 0.0
        if duration_s <= LONG_SUITE_S:
            return ()
        modules = {Path(edit.path).stem for candidate in candidates for edit in candidate.edits}
        files = {node.split("::")[0] for node in self.failing}
        for path in self.task.repository.test_files:
            text = (self.task.workspace / path).read_text("utf-8", "replace") if len(files) < MAX_SCOPE else ""
            if any(module in text for module in modules):
                files.add(path)
        return tuple(sorted(files))

    def _outcome(self, candidates: tuple[CandidatePatch, ...], note: str) -> GenerationOutcome:
        return GenerationOutcome(
            candidates=candidates,
            candidates_tried=self.tried,
            test_runs=self.bench.test_runs,
            techniques_tried=(CrashTemplateSource.name,),
            notes=(note,),
        )


def crash_sites(result: VariantResult, task: GenerationTask, project: Project) -> list[CrashSite]:
    """Where the failing tests crash; those with the incident's exception first, one for each place."""
    reported = {error.type.rsplit(".", 1)[-1] for error in task.incident.exceptions}
    errors = [test.error for test in result.tests.values() if test.error is not None]
    errors.sort(key=lambda error: error.name not in reported)
    found: dict[tuple[str, str, int], CrashSite] = {}
    for error in errors:
        site = crash_site(error, project)
        if site is not None:
            found.setdefault(_place_key(error, site), site)
    return list(found.values())[:3]


def _place_key(error: Observed, site: CrashSite) -> tuple[str, str, int]:
    return error.type, site.raising.source.path, site.raising.frame.line
