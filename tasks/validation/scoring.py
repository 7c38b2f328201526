"""From issues to levels, score, verdict, and a text that a person reads in a minute."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tasks.models import Level, LevelResult, ValidationIssue, ValidationResult
from tasks.validation.options import ERROR_COST, WARNING_COST, ValidationOptions

_ORDER = {"error": 0, "warning": 1, "info": 2}
_SHOWN = 8


@dataclass(frozen=True)
class LevelRun:
    """What one level found, and what it took."""

    level: Level
    brought: tuple[ValidationIssue, ...] = ()
    mended: tuple[ValidationIssue, ...] = ()
    duration_ms: float = 0.0
    tools: tuple[str, ...] = ()
    skipped: str | None = None


def conclude(runs: Sequence[LevelRun], options: ValidationOptions) -> ValidationResult:
    """The verdict over all levels; the score is the weighted mean of the levels that ran."""
    levels = {run.level: _level_result(run, options) for run in runs}
    ran = [result for result in levels.values() if result.skipped is None]
    total = sum(options.weights.get(result.level, 0.0) for result in ran)
    score = sum(options.weights.get(result.level, 0.0) * result.score for result in ran) / total if total else 0.0
    is_valid = all(result.passed for result in levels.values())
    issues = tuple(sorted((issue for run in runs for issue in run.brought), key=_sort_key))
    mended = tuple(sorted((issue for run in runs for issue in run.mended), key=_sort_key))
    return ValidationResult(
        is_valid=is_valid,
        score=round(score, 4),
        levels=levels,
        issues=issues,
        fixed_issues=mended,
        explanation=explain(is_valid, score, levels, issues, mended),
    )


def _level_result(run: LevelRun, options: ValidationOptions) -> LevelResult:
    errors = sum(issue.severity == "error" for issue in run.brought)
    warnings = sum(issue.severity == "warning" for issue in run.brought)
    return LevelResult(
        level=run.level,
        passed=not errors and not (options.strict_mode and warnings),
        score=max(0.0, 1.0 - ERROR_COST * errors - WARNING_COST * warnings) if run.skipped is None else 0.0,
        duration_ms=round(run.duration_ms, 2),
        tools=run.tools,
        skipped=run.skipped,
    )


def _sort_key(issue: ValidationIssue) -> tuple[int, str, int, str]:
    return _ORDER[issue.severity], issue.path or "", issue.line or 0, issue.code


def explain(
    is_valid: bool,
    score: float,
    levels: Mapping[Level, LevelResult],
    issues: Sequence[ValidationIssue],
    mended: Sequence[ValidationIssue],
) -> str:
    """The verdict in words: what failed and where, then what is only worth knowing, then what got better."""
    failed = [level.value.replace("_", " ") for level, result in levels.items() if not result.passed]
    verdict = "Accepted" if is_valid else f"Rejected by {' and '.join(failed)}"
    lines = [f"{verdict}; score {score:.2f} over {len(levels)} levels."]
    lines += [f"- {describe(issue)}" for issue in issues[:_SHOWN]]
    if len(issues) > _SHOWN:
        lines.append(f"- and {len(issues) - _SHOWN} more, none more severe than these.")
    if not issues:
        lines.append("Nothing new was found in what the change touches.")
    if mended:
        codes = ", ".join(sorted({issue.code for issue in mended}))
        lines.append(f"The change removes {len(mended)} earlier finding{'s' if len(mended) > 1 else ''}: {codes}.")
    lines += [f"Not checked ({level.value}): {result.skipped}." for level, result in levels.items() if result.skipped]
    return "\n".join(lines)


def describe(issue: ValidationIssue) -> str:
    """One line: weight, place, rule, reason and remedy."""
    place = f"{issue.path}:{issue.line}" if issue.path and issue.line else issue.path or "the change"
    remedy = f"; {issue.suggestion}" if issue.suggestion else ""
    return f"{issue.severity} {place} [{issue.code}] {issue.message.rstrip('.')}{remedy}"
