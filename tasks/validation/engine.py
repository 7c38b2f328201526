"""The judgement of one candidate: policy, five levels, tests, verdict."""

from __future__ import annotations

from collections.abc import Sequence

from tasks.models import (
    CandidatePatch,
    Judgement,
    Level,
    RepositoryContext,
    TestEvidence,
    ValidationIssue,
    ValidationResult,
)
from tasks.validation.feedback import feedback_for
from tasks.validation.options import ValidationOptions
from tasks.validation.pipeline import CodeValidationPipeline
from tasks.validation.policy import PatchPolicy, check_policy
from tasks.validation.scoring import LevelRun, conclude
from tasks.validation.verdict import judge


class WorkflowValidationEngine:
    """Judges candidate patches; a caller runs the tests only for those that `validate` lets through."""

    def __init__(self, options: ValidationOptions | None = None, policy: PatchPolicy | None = None) -> None:
        self.pipeline = CodeValidationPipeline(options)
        self.policy = policy or PatchPolicy()

    def validate(self, candidate: CandidatePatch, repository: RepositoryContext) -> ValidationResult:
        """Policy and levels. A patch that breaks the policy is not looked at further."""
        refused = check_policy(candidate.edits, repository, self.policy)
        if refused:
            return self._refusal(refused)
        return self.pipeline.validate_change(candidate.edits, repository)

    def judge(
        self, candidate: CandidatePatch, repository: RepositoryContext, evidence: TestEvidence | None = None
    ) -> Judgement:
        """The verdict on a candidate; without evidence it can be at most `plausible`, or fixed by construction."""
        proof = evidence or TestEvidence()
        validation = self.validate(candidate, repository)
        status, reason = judge(candidate, validation, proof)
        feedback = feedback_for(candidate, validation, proof)
        return Judgement(
            candidate=candidate,
            status=status,
            reason=reason,
            validation=validation,
            evidence=proof,
            feedback=feedback,
        )

    def _refusal(self, issues: Sequence[ValidationIssue]) -> ValidationResult:
        blamed = {issue.level for issue in issues}
        reason = "the patch policy refused the change"
        runs = [
            LevelRun(
                level,
                tuple(issue for issue in issues if issue.level is level),
                tools=("policy",),
                skipped=None if level in blamed else reason,
            )
            for level in Level
        ]
        return conclude(runs, self.pipeline.options)
