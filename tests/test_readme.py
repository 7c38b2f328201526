"""README's examples do what it says."""

from __future__ import annotations

import ast
import inspect
import re
import shlex
from pathlib import Path

import pytest
from typer.main import get_command

from deployments.cli import app
from tasks.context.incident import incidents_from_bytes

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
REPOSITORY = ROOT / "tests" / "cases" / "remediation" / "api_token_expiry" / "repo"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


@pytest.mark.flow
@pytest.mark.usefixtures("prefect_server", "home")
async def test_python_examples_run() -> None:
    issue_context = {"type": "API_ERROR", "description": "Calls fail with 401 after an hour", "severity": "HIGH"}
    names: dict[str, object] = {
        "repository": str(REPOSITORY),
        "issue_context": issue_context,
        "repository_context": {"path": str(REPOSITORY)},
    }
    examples = blocks("python")
    assert len(examples) == 3
    for example in examples:
        code = compile(example, "README.md", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        outcome = eval(code, names)
        if inspect.isawaitable(outcome):
            await outcome
    assert names["generated_code"]
    assert names["code"]


def test_incident_example_is_read() -> None:
    [example] = blocks("yaml")
    [incident] = incidents_from_bytes(example.encode(), name="README.md")
    assert incident.title == "Checkout answers 500 to guests"
    assert incident.exceptions[-1].type == "AttributeError"
    assert incident.exceptions[-1].frames[-1].path == "/app/shop/discounts.py"


def test_commands_are_commands() -> None:
    words = [shlex.split(line)[1] for line in re.findall(r"`?(mendflow [a-z][^`\n]*)", README)]
    known = set(getattr(get_command(app), "commands", {}))
    assert words
    assert set(words) <= known


def test_make_targets_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"(?:`|^)make ([a-z-]+)", README, re.MULTILINE)) <= targets


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\((?!https?://)([^)#]+)", README):
        assert (ROOT / target).exists(), target
