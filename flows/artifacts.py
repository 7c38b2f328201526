"""What a reviewer sees of a run in the Prefect UI: a summary, the patch, the validation table."""

from __future__ import annotations

from prefect.artifacts import acreate_markdown_artifact, acreate_table_artifact

from flows.summary import VERDICTS, fenced, summary
from tasks.context.redaction import redacted_model
from tasks.models import RemediationResult


async def publish(result: RemediationResult, commit: str | None) -> None:
    """Write the artifacts of a finished run, without the secrets that its repository may hold."""
    result = redacted_model(result)
    await acreate_markdown_artifact(
        key="summary", markdown=summary(result, commit), description=f"{VERDICTS[result.status]}: {result.reason}"
    )
    if result.patch:
        await acreate_markdown_artifact(
            key="patch", markdown=fenced(result.patch, "diff"), description="Apply with `git apply`"
        )
    if rows := validation_rows(result):
        await acreate_table_artifact(key="validation", table=rows, description="Five levels, on what the patch changed")


def validation_rows(result: RemediationResult) -> list[dict[str, object]]:
    """One row per level and issue, for the UI's sortable table."""
    if result.validation_result is None:
        return []
    rows: list[dict[str, object]] = []
    for level in result.validation_result.levels.values():
        issues = [issue for issue in result.validation_result.issues if issue.level is level.level]
        verdict = f"skipped: {level.skipped}" if level.skipped else ("passed" if level.passed else "failed")
        rows.append({"level": level.level, "verdict": verdict, "score": round(level.score, 2), "issues": len(issues)})
    return rows
