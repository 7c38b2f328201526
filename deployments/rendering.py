"""Results for people (tables and colours on a terminal) and for machines (one JSON document)."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from rich.console import Console, Group
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from flows.summary import summary
from tasks.models import RemediationResult, Status, TestRun, ValidationIssue, ValidationResult

COLOURS = {
    Status.FIXED: "green",
    Status.PLAUSIBLE: "yellow",
    Status.UNFIXED: "red",
    Status.REFUSED: "red",
    Status.FAILED: "red",
}
MOST_SUSPECTS = 3
PIPED_WIDTH = 220
"""Columns of a table that no terminal bounds."""


def console() -> Console:
    """Lines are never broken: a terminal wraps them itself, and a file keeps them whole."""
    return Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else PIPED_WIDTH)


def print_patch(out: Console, patch: str) -> None:
    """Coloured on a terminal; elsewhere byte for byte, so that it can be cut out and applied."""
    if out.is_terminal:
        out.print(Syntax(patch, "diff", background_color="default"), soft_wrap=True)
    else:
        out.file.write(patch)


def as_document(result: RemediationResult) -> dict[str, object]:
    """The result as JSON values; whole file texts stand in `generated_code` alone."""
    return result.model_dump(mode="json", exclude={"candidate": {"edits"}})


def print_json(document: RemediationResult | ValidationResult | object) -> None:
    if isinstance(document, RemediationResult):
        document = as_document(document)
    elif isinstance(document, ValidationResult):
        document = document.model_dump(mode="json")
    print(json.dumps(document, indent=2, ensure_ascii=False))  # noqa: T201


def print_result(result: RemediationResult, next_steps: list[str]) -> None:
    """Verdict, root cause, patch, tests, validation, cost and what to do next."""
    out = console()
    colour = COLOURS[result.status]
    out.print(f"[bold {colour}]{result.status.upper()}[/] ", Text(result.reason))
    print_root_cause(out, result)
    if result.patch:
        out.print("\n[bold]Patch[/]")
        print_patch(out, result.patch)
    if tests := tests_table(result):
        out.print(tests)
    if result.validation_result:
        print_validation(out, result.validation_result)
    if result.alternatives:
        print_alternatives(out, result)
    for note in result.notes:
        out.print("[dim]note:[/]", Text(note))
    metrics = result.metrics
    out.print(
        f"\n[bold]Cost[/]  {metrics.duration_s:.1f} s, ${metrics.cost_usd:.4f}, "
        f"{metrics.candidates_tried} candidates, {metrics.test_runs} test runs, engine {metrics.engine}"
    )
    for step in next_steps:
        out.print("[bold]Next[/] ", Text(step))


def print_root_cause(out: Console, result: RemediationResult) -> None:
    analysis = result.analysis
    if analysis is None:
        return
    out.print("\n[bold]Root cause[/] ", Text(f"{analysis.root_cause} (confidence {analysis.confidence:.0%})"))
    if analysis.hypotheses:
        for item in analysis.hypotheses[0].evidence:
            out.print("  [cyan]-[/]", Text(f"{item.kind}: {item.detail}"))
    for suspect in analysis.suspects[:MOST_SUSPECTS]:
        line = f":{suspect.line}" if suspect.line else ""
        function = f" {suspect.function}" if suspect.function else ""
        reasons = "; ".join(reason.detail for reason in suspect.reasons[:2])
        out.print("  [cyan]?[/]", Text(f"{suspect.score:>4.0%} {suspect.path}{line}{function}: {reasons}"))


def tests_table(result: RemediationResult) -> Table | None:
    runs = (("before", result.evidence.before), ("after", result.evidence.after))
    if not any(run for _, run in runs):
        return None
    table = Table(title="Tests", title_justify="left", title_style="bold")
    for column in ("", "passed", "failed", "errors", "skipped", "seconds"):
        table.add_column(column, justify="right" if column else "left")
    for label, run in runs:
        if run:
            table.add_row(label, *test_cells(run))
    return table


def test_cells(run: TestRun) -> tuple[str, ...]:
    counts = (run.passed, run.failed, run.errors, run.skipped)
    return (*(str(count) for count in counts), f"{run.duration_s:.1f}")


def print_validation(out: Console, validation: ValidationResult) -> None:
    verdict = "valid" if validation.is_valid else "not valid"
    table = Table(
        title=f"Validation: {verdict}, score {validation.score:.2f}", title_justify="left", title_style="bold"
    )
    for column in ("level", "verdict", "score", "ms"):
        table.add_column(column, justify="right" if column in ("score", "ms") else "left")
    for level in validation.levels.values():
        state = (
            Text(f"skipped: {level.skipped}")
            if level.skipped
            else Text("passed" if level.passed else "failed", "green" if level.passed else "red")
        )
        table.add_row(level.level, state, f"{level.score:.2f}", f"{level.duration_ms:.0f}")
    out.print(Group(table, *(Text(issue_line(issue)) for issue in validation.issues)))


def issue_line(issue: ValidationIssue) -> str:
    where = f"{issue.path}:{issue.line}: " if issue.path and issue.line else f"{issue.path}: " if issue.path else ""
    return f"  {where}{issue.severity} {issue.code} ({issue.level}): {issue.message}"


def print_alternatives(out: Console, result: RemediationResult) -> None:
    out.print("\n[bold]Alternatives[/]")
    for other in result.alternatives:
        doubts = f"; doubts: {'; '.join(other.suspicions)}" if other.suspicions else ""
        out.print("  -", Text(f"{other.rule} ({other.confidence:.0%}): {other.description}{doubts}"))


def write_results(result: RemediationResult, folder: Path) -> None:
    """`result.json`, `summary.md` and, where there is one, `fix.patch`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "result.json").write_text(json.dumps(as_document(result), indent=2, ensure_ascii=False) + "\n", "utf-8")
    (folder / "summary.md").write_text(summary(result), "utf-8")
    if result.patch:
        (folder / "fix.patch").write_bytes(result.patch.encode("utf-8", "surrogateescape"))
