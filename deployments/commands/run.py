"""`mendflow run`: one incident, from the command line."""

from __future__ import annotations

import asyncio
import shlex
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from deployments import rendering
from deployments.local_server import prefect_api
from deployments.progress import show_progress
from tasks.context.incident import read_incident
from tasks.delivery import Delivery, apply_to_repository, check_delivery, deliver
from tasks.errors import InputError, RepositoryError
from tasks.logs import configure_logging
from tasks.models import Incident, RemediationResult, Status
from tasks.settings import Settings, load_settings

EXIT_CODES = {Status.FIXED: 0, Status.PLAUSIBLE: 3, Status.UNFIXED: 3, Status.REFUSED: 4, Status.FAILED: 1}


class Engine(StrEnum):
    AUTO = "auto"
    EMBEDDED = "embedded"
    MODEL = "model"


def run(
    incident: Annotated[str, typer.Argument(help="A JSON or YAML incident, alert payload or SARIF file; `-`: stdin.")],
    repo: Annotated[Path, typer.Option(help="The repository; it is only read, unless `--apply`.")],
    test_command: Annotated[
        str | None, typer.Option(help="How its tests are run; found from its files by default.", metavar="CMD")
    ] = None,
    engine: Annotated[Engine | None, typer.Option(help="Who may propose fixes.")] = None,
    time_limit: Annotated[float | None, typer.Option(help="Seconds for the whole run.", min=1)] = None,
    out: Annotated[
        Path | None, typer.Option(help="Write `fix.patch`, `summary.md` and `result.json` to this folder.")
    ] = None,
    apply: Annotated[bool, typer.Option("--apply", help="Change the files of the repository when fixed.")] = False,
    delivery: Annotated[Delivery, typer.Option("--deliver", help="How a fix is handed over.")] = Delivery.NONE,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as one JSON document.")] = False,
) -> None:
    """Mend one incident in a repository.

    The repository's tests run in a sandbox on a throw-away copy. Ends with 0 when fixed, 3 when nothing is proven,
    4 when refused by policy or budget.

    Example: `mendflow run alert.json --repo ./service --test-command "pytest -q" --out fix/`
    """
    settings = load_settings()
    configure_logging(settings)
    fault = load_incident(incident)
    check_repository(repo)
    check_delivery(delivery, repo)
    result = remediate(fault, repo, split_command(test_command), engine, time_limit, settings)
    steps = hand_over(result, repo, delivery, out, apply=apply)
    if as_json:
        rendering.print_json(result)
    else:
        rendering.print_result(result, steps)
    raise typer.Exit(EXIT_CODES[result.status])


def hand_over(result: RemediationResult, repo: Path, delivery: Delivery, out: Path | None, *, apply: bool) -> list[str]:
    """Write and deliver what was asked for; what a person may do next."""
    steps = []
    if out:
        rendering.write_results(result, out)
        steps.append(f"{out}/summary.md tells the whole run")
    if result.status is Status.FIXED and result.candidate:
        if apply:
            apply_to_repository(repo, result.candidate.edits)
            steps.append(f"applied to {repo}; look at it with `git -C {repo} diff`")
        if place := deliver(result, repo, delivery, out or Path.cwd()):
            steps.append(f"the fix is in {place}")
    if result.patch and not steps:
        steps.append("run again with --apply to change the files, or --out DIR to keep the patch")
    if result.history_id:
        steps.append(f"mendflow history show {result.history_id}")
    return steps


def load_incident(source: str) -> Incident:
    if source == "-":
        return read_incident(None, sys.stdin.buffer.read())
    return read_incident(Path(source))


def check_repository(repo: Path) -> None:
    """Before anything slow starts: is there a folder to work on?"""
    if not repo.exists():
        raise RepositoryError(f"no folder {str(repo)!r}; give the repository with --repo")
    if not repo.is_dir():
        raise RepositoryError(f"{str(repo)!r} is a file; --repo takes the folder of the repository")


def split_command(command: str | None) -> list[str] | None:
    if command is None:
        return None
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise InputError(f"--test-command {command!r} cannot be read: {error}") from None
    if not words:
        raise InputError("--test-command is empty; leave it out to have it found")
    return words


def remediate(
    incident: Incident,
    repo: Path,
    test_command: list[str] | None,
    engine: Engine | None,
    time_limit_s: float | None,
    settings: Settings,
) -> RemediationResult:
    """Run the flow for one incident, with a local Prefect API where none is configured."""
    verbose = settings.logging.level == "DEBUG"
    with prefect_api(settings.home, verbose=verbose):
        from flows.remediate_incident import remediate_incident

        with show_progress(verbose=verbose):
            return asyncio.run(
                remediate_incident(
                    incident=incident,
                    repository=str(repo.resolve()),
                    test_command=test_command,
                    engine=engine.value if engine else None,
                    time_limit_s=time_limit_s,
                )
            )
