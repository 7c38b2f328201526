"""The validation that a team configured."""

from __future__ import annotations

from tasks.settings import CodeGenerationSettings
from tasks.validation.engine import WorkflowValidationEngine
from tasks.validation.options import ValidationOptions
from tasks.validation.policy import PatchPolicy


def configured_options(section: CodeGenerationSettings) -> ValidationOptions:
    chosen = section.validation
    return ValidationOptions(
        strict_mode=chosen.strict_mode,
        security_review=chosen.security_review,
        performance_check=chosen.performance_check,
        team_rules=chosen.team_rules,
        compliance=chosen.profiles,
        concurrent=section.performance.async_optimization,
    )


def configured_policy(section: CodeGenerationSettings) -> PatchPolicy:
    chosen = section.patch_policy
    return PatchPolicy(
        allow_test_edits=chosen.allow_tests,
        allow_ci_edits=chosen.allow_ci,
        protected_paths=chosen.protected_paths,
        max_files=chosen.max_files,
        max_changed_lines=chosen.max_lines,
    )


def configured_engine(section: CodeGenerationSettings) -> WorkflowValidationEngine:
    return WorkflowValidationEngine(configured_options(section), configured_policy(section))
