"""`mendflow demo`: the bundled incident and repository, end to end, offline."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from importlib.resources import as_file, files
from pathlib import Path
from typing import Annotated

import typer

from deployments import rendering
from deployments.commands.run import EXIT_CODES, load_incident, remediate
from tasks.logs import configure_logging
from tasks.settings import load_settings

HISTORY = (
    ("2026-11-12T10:00:00Z", "Charge baskets", ("README.md", "pyproject.toml", "shop/__init__.py", "shop/checkout.py")),
    ("2026-11-17T15:30:00Z", "Let loyal customers save", ("shop/discounts.py", "tests/test_checkout.py")),
    ("2026-11-19T16:20:00Z", "Let guests check out", ("shop/models.py", "tests/test_guest_checkout.py")),
)
"""The commits of the demonstration repository: when, what, and the files that each brought."""


def demo(
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as one JSON document.")] = False,
) -> None:
    """Mend the bundled incident in the bundled repository, end to end and offline.

    A shop's checkout answers 500 to guests. The fault is found from the stack trace, mended by the embedded engine,
    and proved by the shop's own tests. Nothing outside a temporary folder and MENDFLOW_HOME is written.
    """
    settings = load_settings()
    configure_logging(settings)
    with as_file(files("deployments") / "demo") as bundle, tempfile.TemporaryDirectory(prefix="mendflow-demo-") as temp:
        repo = make_repository(bundle / "repo", Path(temp) / "shop")
        result = remediate(load_incident(str(bundle / "incident.json")), repo, None, None, None, settings)
    if as_json:
        rendering.print_json(result)
    else:
        rendering.print_result(result, NEXT_STEPS)
    raise typer.Exit(EXIT_CODES[result.status])


NEXT_STEPS = [
    "mendflow run INCIDENT --repo DIR    an incident of your own; `mendflow run --help` says more",
    "mendflow history show               what ran so far, and what it cost",
]


def make_repository(source: Path, target: Path) -> Path:
    """A git repository at `target` with the files of `source` and the history above."""
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    git(target, "init", "--quiet", "--initial-branch=main")
    for when, subject, paths in HISTORY:
        git(target, "add", *paths)
        git(target, "commit", "--quiet", "--message", subject, date=when)
    return target


def git(repo: Path, *arguments: str, date: str = "") -> None:
    """Run git with an identity and time of the demonstration's own, apart from the user's configuration."""
    person = {"NAME": "Robin Doe", "EMAIL": "robin@example.org", "DATE": date}
    identity = {
        f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in person.items() if value
    }
    environment = {**os.environ, **identity, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(["git", "-C", str(repo), *arguments], check=True, capture_output=True, env=environment)
