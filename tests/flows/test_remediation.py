"""Whole runs on small repositories, against a real Prefect server, sandbox and test suites."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from flows.remediate_incident import remediate_incident
from tasks.context.incident import read_incident
from tasks.models import RemediationResult, Status

CASES = Path(__file__).parent.parent / "cases"
pytestmark = [pytest.mark.flow, pytest.mark.usefixtures("prefect_server", "home")]

REMEDIATION = CASES / "remediation"


def git(repo: Path, *arguments: str) -> str:
    command = ["git", "-C", str(repo), "-c", "user.name=t", "-c", "user.email=t@example.org", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@pytest.fixture
def case(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A copy of the named case whose repository is under git."""
    folder = tmp_path / request.param
    shutil.copytree(REMEDIATION / request.param, folder)
    git(folder / "repo", "init", "--quiet")
    git(folder / "repo", "add", "--all")
    git(folder / "repo", "commit", "--quiet", "--message", "Start")
    return folder


async def remediated(folder: Path, time_limit_s: float = 60) -> RemediationResult:
    incident = read_incident(folder / "incident.json")
    return await remediate_incident(incident=incident, repository=str(folder / "repo"), time_limit_s=time_limit_s)


@pytest.mark.parametrize("case", ["api_token_expiry", "database_quoted_name", "logic_moving_average"], indirect=True)
async def test_fixes_a_fault_that_tests_show(case: Path) -> None:
    result = await remediated(case)

    assert result.status is Status.FIXED, result.reason
    assert result.evidence.before is not None and result.evidence.before.failing
    assert result.evidence.after is not None and result.evidence.after.green
    assert result.validation_result is not None and result.validation_result.is_valid
    assert git(case / "repo", "status", "--porcelain") == ""
    subprocess.run(["git", "apply", "-"], cwd=case / "repo", input=result.patch.encode(), check=True)
    for path, text in result.generated_code.items():
        assert (case / "repo" / path).read_text() == text
    own_tests = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=case / "repo",
        env={"PYTHONPATH": "src:.", "PATH": "/usr/bin:/bin"},
        capture_output=True,
    )
    assert own_tests.returncode == 0, own_tests.stdout.decode()


@pytest.mark.parametrize("case", ["unfixable_duration"], indirect=True)
async def test_says_unfixed_where_it_cannot_help(case: Path) -> None:
    result = await remediated(case, time_limit_s=20)

    assert result.status is Status.UNFIXED
    assert result.patch == "" and result.generated_code == {}
    assert result.reason
    assert git(case / "repo", "status", "--porcelain") == ""


@pytest.mark.parametrize("case", ["logic_moving_average"], indirect=True)
async def test_result_is_json_with_the_fixed_fields(case: Path) -> None:
    document = json.loads((await remediated(case)).model_dump_json())

    assert {"status", "reason", "incident", "analysis", "generated_code", "patch", "validation_result"} <= set(document)
    assert {"evidence", "metrics", "history_id", "alternatives"} <= set(document)
    wanted = {"root_cause", "domain", "complexity", "strategy", "suspects", "confidence"}
    assert wanted <= set(document["analysis"])
    wanted = {"duration_s", "candidates_tried", "test_runs", "input_tokens", "output_tokens", "cost_usd", "cache_hits"}
    assert wanted <= set(document["metrics"])
