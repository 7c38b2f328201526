"""`mendflow alerts`: what the payloads of alert sources say."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from deployments import rendering
from tasks.context.alerts import SOURCES, parse_alert
from tasks.errors import IncidentError, InputError
from tasks.logs import configure_logging
from tasks.models import Incident
from tasks.settings import load_settings

app = typer.Typer(no_args_is_help=True, help="What the payloads of alert sources say.")


@app.callback()
def alerts() -> None:
    pass


@app.command()
def parse(
    file: Annotated[str, typer.Argument(help="A payload as the source sends it; `-`: stdin.")],
    source: Annotated[str, typer.Option(help=f"Who sent it: {', '.join(SOURCES)}.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the incidents as one JSON document.")] = False,
) -> None:
    """Show the incidents that a payload reports, as a run would get them.

    Example: `mendflow alerts parse --source alertmanager payload.json`
    """
    configure_logging(load_settings())
    if source not in SOURCES:
        raise InputError(f"no alert source {source!r}; there are {', '.join(SOURCES)}")
    incidents = parse_alert(source, read_payload(file))
    if as_json:
        document = {"source": source, "incidents": [incident.model_dump(mode="json") for incident in incidents]}
        rendering.print_json(document)
    else:
        print_incidents(incidents)


def read_payload(file: str) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise IncidentError(f"{file}: cannot be read ({error.strerror})") from None


def print_incidents(incidents: tuple[Incident, ...]) -> None:
    table = Table()
    for column in ("status", "severity", "title", "service", "occurred at", "dedupe key", "frames"):
        table.add_column(column, justify="right" if column == "frames" else "left")
    for incident in incidents:
        frames = sum(len(exception.frames) for exception in incident.exceptions)
        when = incident.occurred_at.isoformat() if incident.occurred_at else "–"
        texts = (incident.title, incident.service or "–", when, incident.fingerprint)
        table.add_row(incident.status, incident.severity, *map(Text, texts), str(frames))
    rendering.console().print(table)
    for note in dict.fromkeys(note for incident in incidents for note in incident.notes):
        rendering.console().print("[dim]note:[/]", Text(note))
