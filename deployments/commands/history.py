"""`mendflow history`: what ran, what came of it, and what it cost."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.table import Table
from rich.text import Text

from analytics.fold import rebuild as rebuild_database
from analytics.history import History
from analytics.metrics import GenerationHistory, PerformanceMetrics, RunHistory
from analytics.transfer import export_history, import_history
from analytics.upkeep import compact
from deployments import rendering
from tasks.errors import InputError
from tasks.logs import configure_logging
from tasks.models import Status
from tasks.settings import load_settings

app = typer.Typer(no_args_is_help=True, help="What ran, what came of it, and what it cost.")

UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


@app.callback()
def history() -> None:
    pass


@app.command()
def show(
    run: Annotated[
        str | None, typer.Argument(help="A history id, or its beginning; left out: the latest runs.")
    ] = None,
    limit: Annotated[int, typer.Option(help="Runs to list.", min=1, max=10_000)] = 20,
    since: Annotated[
        str | None, typer.Option(help="Only runs of the last `12h`, `30d`, `4w`, or since a date.")
    ] = None,
    status: Annotated[Status | None, typer.Option(help="Only runs that ended so.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """List the latest runs with the six metrics, or show one run in full.

    Example: `mendflow history show --since 7d --status fixed`
    """
    settings = load_settings()
    configure_logging(settings)
    history = History(settings.home)
    if run is not None:
        found = history.run(run)
        if as_json:
            rendering.print_json(found.model_dump(mode="json"))
        else:
            print_run(found)
        return
    start = parse_since(since, datetime.now(UTC)) if since else None
    runs = history.runs(limit, start, status.value if status else None)
    metrics = history.metrics(start)
    if as_json:
        document = {"metrics": metrics.model_dump(mode="json"), "runs": [each.model_dump(mode="json") for each in runs]}
        rendering.print_json(document)
    else:
        print_runs(runs, metrics)


def parse_since(text: str, now: datetime) -> datetime:
    """The start of a period: `30d` before now, or a date such as `2026-11-01`."""
    if match := re.fullmatch(r"(\d{1,5})([hdw])", text.strip()):
        return now - int(match[1]) * UNITS[match[2]]
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise InputError(f"--since {text!r} is neither a period such as 12h, 30d or 4w nor a date") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def print_runs(runs: list[GenerationHistory], metrics: PerformanceMetrics) -> None:
    out = rendering.console()
    if not runs:
        out.print("no runs yet; `mendflow demo` makes the first one")
        return
    table = Table()
    for column in ("run", "when", "incident", "service", "status", "rule", "candidates", "seconds", "cost"):
        justify: Literal["right", "left"] = "right" if column in ("candidates", "seconds", "cost") else "left"
        table.add_column(column, justify=justify, no_wrap=column == "run")
    for run in runs:
        status = Text(run.status, rendering.COLOURS[Status(run.status)])
        when = run.started_at.astimezone().strftime("%Y-%m-%d %H:%M")
        numbers = (str(run.candidates_tried), f"{run.duration_s:.1f}", f"${run.cost_usd:.4f}")
        texts = (Text(run.title[:60]), Text(run.service or "–"), status, Text(run.rule or "–"))
        table.add_row(run.id, when, *texts, *numbers)
    out.print(table)
    print_metrics(metrics)


def print_metrics(metrics: PerformanceMetrics) -> None:
    """The seed's six metrics, each on a line."""
    learning = metrics.learning.effectiveness if metrics.learning else None
    lines = {
        "generation success rate": share(metrics.success_rate),
        "validation pass rate": share(metrics.validation_pass_rate),
        "average generation time": f"{metrics.mean_s:.1f} s (p50 {metrics.p50_s:.1f}, p95 {metrics.p95_s:.1f})"
        if metrics.mean_s is not None
        else "–",
        "cost per generation": f"${metrics.cost_per_generation_usd or 0:.4f}",
        "cache hit rate": share(metrics.cache_hit_rate),
        "learning effectiveness": f"{learning:+.2f}" if learning is not None else "– (fewer than 40 runs)",
    }
    out = rendering.console()
    for name, value in lines.items():
        out.print(f"{name:<24} {value}")


def share(value: float | None) -> str:
    return "–" if value is None else f"{value:.0%}"


def print_run(run: RunHistory) -> None:
    out = rendering.console()
    facts = run.generation
    colour = rendering.COLOURS[Status(facts.status)]
    out.print(f"[bold {colour}]{facts.status}[/] ", Text(f"{facts.title}: {facts.reason}"))
    out.print(Text(f"root cause: {facts.root_cause}"))
    for attempt in run.attempts:
        chosen = "*" if attempt.is_chosen else " "
        out.print(
            Text(
                f"{chosen} {attempt.rank}. {attempt.rule} ({attempt.technique}, {attempt.confidence:.0%}): "
                f"{attempt.status}, {attempt.reason}"
            )
        )
    for patch in run.patches[:1]:
        rendering.print_patch(out, patch.patch)
    for tests in run.test_runs:
        out.print(f"tests {tests.phase}: {tests.passed} passed, {tests.failed} failed, {tests.duration_s:.1f} s")
    out.print(f"{facts.duration_s:.1f} s, ${facts.cost_usd:.4f}, {facts.candidates_tried} candidates")


@app.command(name="export")
def export(
    target: Annotated[Path, typer.Argument(help="A new `.jsonl` file, or a new folder for Parquet files.")],
) -> None:
    """Write the whole history to a file or folder, for a backup or another machine."""
    report = export_history(load_settings().home, target)
    rendering.console().print(f"{report.records} records written to {report.target}")


@app.command(name="import")
def import_(source: Annotated[Path, typer.Argument(help="What `mendflow history export` wrote.")]) -> None:
    """Add what the history lacks of an export; doing it again adds nothing twice."""
    report = import_history(load_settings().home, source)
    broken = f", {report.broken} broken lines left out (first: {report.first_broken})" if report.broken else ""
    rendering.console().print(f"{report.records} records added, {report.known} known already{broken}", markup=False)


@app.command()
def rebuild() -> None:
    """Make the database anew from the ledger, which is the source of everything in it."""
    report = rebuild_database(load_settings().home)
    rendering.console().print(f"{report.records} records from the ledger, {report.broken} broken lines in quarantine")


@app.command()
def vacuum(
    keep_days: Annotated[
        int | None, typer.Option(help="Remove what is older; default: `retention_days` of the configuration.", min=0)
    ] = None,
) -> None:
    """Archive ended ledger segments as Parquet, and remove what is older than the retention."""
    settings = load_settings()
    days = settings.unified_code_generation.retention_days if keep_days is None else keep_days
    report = compact(settings.home, days)
    rendering.console().print(f"{report.segments} segments archived, {report.removed} old records removed")
