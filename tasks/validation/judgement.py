"""Candidates in turn: policy and levels first, since they are cheap, then the tests; the first fix ends it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tasks.models import CandidatePatch, FileEdit, GenerationTask, Judgement, Status, TestEvidence
from tasks.patches import apply_edits, revert_edits
from tasks.validation.engine import WorkflowValidationEngine
from tasks.validation.feedback import feedback_for
from tasks.validation.test_suite import TestSuite, compare
from tasks.validation.verdict import judge


def judge_candidates(
    task: GenerationTask,
    candidates: Sequence[CandidatePatch],
    engine: WorkflowValidationEngine | None,
    suite: TestSuite | None,
    *,
    new_tests: Sequence[FileEdit] = (),
    progress: Callable[[str], None] = lambda line: None,
) -> tuple[Judgement, ...]:
    """A verdict on each candidate, in order, up to the first that is fixed.

    `new_tests` already lie in the workspace and become part of the patch. Without an engine (validation switched off)
    or a suite (no tests found) that part of the proof is missing, and the verdict says so.
    """
    judgements = []
    for candidate in candidates:
        judgement = judge_candidate(task, candidate, engine, suite, new_tests)
        judgements.append(judgement)
        progress(f"{candidate.rule}: {judgement.status}, {judgement.reason}")
        if judgement.status is Status.FIXED:
            break
    return tuple(judgements)


def judge_candidate(
    task: GenerationTask,
    candidate: CandidatePatch,
    engine: WorkflowValidationEngine | None,
    suite: TestSuite | None,
    new_tests: Sequence[FileEdit],
) -> Judgement:
    whole = candidate.model_copy(update={"edits": (*candidate.edits, *new_tests)})
    validation = engine.validate(whole, task.repository) if engine else None
    evidence = TestEvidence(before=task.baseline)
    if suite and (validation is None or validation.is_valid):
        evidence = tested(task, candidate, suite)
    if new_tests:
        evidence = evidence.model_copy(update={"reproducing_test": new_tests[0].path})
    status, reason = judge(candidate, validation, evidence)
    feedback = feedback_for(candidate, validation, evidence)
    return Judgement(
        candidate=candidate, status=status, reason=reason, validation=validation, evidence=evidence, feedback=feedback
    )


def tested(task: GenerationTask, candidate: CandidatePatch, suite: TestSuite) -> TestEvidence:
    """The whole suite with the candidate in the workspace, which is put back as it was."""
    apply_edits(task.workspace, candidate.edits)
    try:
        after = suite.run()
    finally:
        revert_edits(task.workspace, candidate.edits)
    return compare(task.baseline, after) if task.baseline else TestEvidence(after=after)
