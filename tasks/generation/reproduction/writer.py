"""From an incident to a test that fails as the incident says, checked twice, and small."""

from __future__ import annotations

import logging
import time

from tasks.generation.crash.project import Project
from tasks.generation.reproduction.clues import clues_of
from tasks.generation.reproduction.final_test import FinalTest, compose
from tasks.generation.reproduction.minimise import minimised
from tasks.generation.reproduction.outcome import Reproduction
from tasks.generation.reproduction.search import Search, Tried
from tasks.generation.reproduction.target import Target, find_target
from tasks.generation.trial import TrialBench, Variant, open_bench
from tasks.models import FileEdit, GenerationTask
from tasks.protocols import GeneratorTools

logger = logging.getLogger(__name__)

SEARCH_SHARE = 0.8
"""Of the time limit; the rest is for making the test small and running it twice."""


def write_reproducing_test(task: GenerationTask, tools: GeneratorTools) -> Reproduction | None:
    """A new test file whose test fails with the incident's exception, twice in a row; None when none was found.

    The incident must hold a traceback with a frame in one of the repository's source files.
    """
    project = Project(task.workspace, task.repository.source_files, task.repository.test_files)
    target = find_target(task.incident, project)
    if target is None:
        return None
    tools.progress(f"looking for an input that raises {target.name} in {target.raising.function.name}")
    started = time.monotonic()
    with open_bench(task, tools) as bench:
        search = Search(target, project, bench, clues_of(task.incident), started + SEARCH_SHARE * task.time_limit_s)
        found = search.find()
        if found is None:
            logger.info("no reproducing test for %s in %s", target.name, target.raising.function.name)
            return None
        found = minimised(found, search)
        return _confirmed(found, target, project, bench)


def _confirmed(found: Tried, target: Target, project: Project, bench: TrialBench) -> Reproduction | None:
    """The first way of writing the test that fails as reported in two fresh processes."""
    for final in compose(found.body, target, project):
        edit = FileEdit(path=final.path, before=None, after=final.text)
        variant = Variant((edit,), (final.node_id,))
        results = bench.run([variant, variant], limit_s=30.0)
        errors = [result.tests[final.node_id].error for result in results if final.node_id in result.tests]
        if len(errors) == 2 and all(target.likeness(error) for error in errors):
            return _reproduction(edit, final, target, found)
    return None


def _reproduction(edit: FileEdit, final: FinalTest, target: Target, found: Tried) -> Reproduction:
    steps = "; ".join(found.body.steps) or "an existing test's own input"
    message = found.error.message if found.error is not None else target.error.message
    raises = f"{target.error.type}: {message}".removesuffix(": ")
    return Reproduction(edit, (final.node_id,), raises, f"Input: {steps}. {final.claim}")
