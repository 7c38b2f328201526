"""`mendflow evaluate`: fix rate, time and cost over a folder of cases."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from deployments import rendering
from deployments.commands.run import Engine
from deployments.local_server import prefect_api
from deployments.progress import show_progress
from tasks.errors import InputError
from tasks.logs import configure_logging
from tasks.models import Evaluation, Status
from tasks.settings import load_settings


def evaluate(
    cases: Annotated[Path, typer.Argument(help="A folder of cases, each with `incident.json` and `repo/`.")],
    engine: Annotated[Engine, typer.Option(help="Who may propose fixes.")] = Engine.AUTO,
    jobs: Annotated[int, typer.Option(help="Cases at the same time.", min=1, max=64)] = 1,
    time_limit: Annotated[float | None, typer.Option(help="Seconds for each case.", min=1)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the evaluation as one JSON document.")] = False,
) -> None:
    """Run every case of a folder and report fix rate, time and cost.

    A case that cannot be read counts as failed; the others go on. Ends with 0 once all cases ran.

    Example: `mendflow evaluate tests/cases/remediation --jobs 2 --time-limit 30`
    """
    settings = load_settings()
    configure_logging(settings)
    folders = case_folders(cases)
    verbose = settings.logging.level == "DEBUG"
    with prefect_api(settings.home, verbose=verbose):
        from flows.evaluate_cases import evaluate_cases

        with show_progress(verbose=verbose):
            evaluation = asyncio.run(
                evaluate_cases(
                    cases=[str(folder) for folder in folders],
                    engine=engine.value,
                    time_limit_s=time_limit,
                    jobs=jobs,
                )
            )
    if as_json:
        rendering.print_json(evaluation.model_dump(mode="json"))
    else:
        print_evaluation(evaluation)


def case_folders(folder: Path) -> list[Path]:
    """The cases below `folder`, by name; raises InputError when there are none."""
    if not folder.is_dir():
        raise InputError(f"no folder {str(folder)!r} with cases")
    found = sorted(path.parent for path in folder.glob("*/incident.json") if (path.parent / "repo").is_dir())
    if not found:
        raise InputError(f"no case in {str(folder)!r}; a case is a folder with 'incident.json' and 'repo/'")
    return [path.resolve() for path in found]


def print_evaluation(evaluation: Evaluation) -> None:
    table = Table(title=f"{len(evaluation.cases)} cases, engine {evaluation.engine}", title_justify="left")
    for column in ("case", "status", "rule", "candidates", "seconds", "reason"):
        table.add_column(column, justify="right" if column in ("candidates", "seconds") else "left")
    for case in evaluation.cases:
        status = Text(case.status, rendering.COLOURS[case.status])
        numbers = (str(case.candidates_tried), f"{case.duration_s:.1f}")
        table.add_row(Text(case.case), status, case.rule or "–", *numbers, Text(case.reason))
    out = rendering.console()
    out.print(table)
    fixed, plausible = evaluation.counts[Status.FIXED], evaluation.counts[Status.PLAUSIBLE]
    out.print(
        f"fixed {fixed} ({evaluation.fix_rate:.0%}), plausible {plausible}, median {evaluation.median_s:.1f} s, "
        f"p95 {evaluation.p95_s:.1f} s, total {evaluation.total_s:.0f} s, cost ${evaluation.cost_usd:.4f}"
    )
