"""The commands that do the work, as the console script runs them, against the session's server."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from deployments.cli import main

pytestmark = [pytest.mark.flow, pytest.mark.usefixtures("prefect_server", "home")]

REMEDIATION = Path(__file__).parent.parent / "cases" / "remediation"
QUOTED_NAME = REMEDIATION / "database_quoted_name"

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def mendflow(capfd: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(list(arguments))
        captured = capfd.readouterr()
        return int(ended.value.code or 0), captured.out, captured.err

    return run


def test_demo_fixes_its_incident(mendflow: Run) -> None:
    code, out, err = mendflow("demo")

    assert code == 0, out + err
    assert out.startswith("FIXED")
    for part in (
        "Root cause",
        "loyalty_rate",
        "+    if customer.account is None:",
        "Tests",
        "Validation",
        "Cost",
        "Next",
    ):
        assert part in out
    assert "context" in err and "validation" in err


def test_run_prints_one_document_and_writes_what_was_asked_for(mendflow: Run, tmp_path: Path) -> None:
    repo = tmp_path / "repo"
    shutil.copytree(QUOTED_NAME / "repo", repo)
    incident = str(QUOTED_NAME / "incident.json")
    code, out, _ = mendflow("run", incident, "--repo", str(repo), "--out", str(tmp_path / "fix"), "--apply", "--json")

    assert code == 0
    document = json.loads(out)
    assert document["status"] == "fixed"
    assert (repo / "crm/customers.py").read_text() == document["generated_code"]["crm/customers.py"]
    assert (tmp_path / "fix/fix.patch").read_text() == document["patch"]
    assert (tmp_path / "fix/summary.md").read_text().startswith("# Fixed")
    assert json.loads((tmp_path / "fix/result.json").read_text()) == document

    code, out, _ = mendflow("history", "show", document["history_id"], "--json")
    assert code == 0
    assert json.loads(out)["generation"]["status"] == "fixed"


def test_run_without_apply_leaves_the_repository_alone(mendflow: Run, tmp_path: Path) -> None:
    repo = tmp_path / "repo"
    shutil.copytree(QUOTED_NAME / "repo", repo)
    subprocess.run(["git", "init", "-q", str(repo)], check=True)
    before = {path: path.read_bytes() for path in repo.rglob("*") if path.is_file()}
    code, _, _ = mendflow("run", str(QUOTED_NAME / "incident.json"), "--repo", str(repo))

    assert code == 0
    assert {path: path.read_bytes() for path in repo.rglob("*") if path.is_file()} == before


def test_evaluate_counts_a_broken_case_as_failed(mendflow: Run, tmp_path: Path) -> None:
    shutil.copytree(QUOTED_NAME, tmp_path / "a_good_one")
    (tmp_path / "b_broken_one" / "repo").mkdir(parents=True)
    (tmp_path / "b_broken_one" / "incident.json").write_text("{")
    code, out, _ = mendflow("evaluate", str(tmp_path), "--jobs", "2", "--json")

    assert code == 0
    evaluation = json.loads(out)
    statuses = {case["case"]: case["status"] for case in evaluation["cases"]}
    assert statuses == {"a_good_one": "fixed", "b_broken_one": "failed"}
    assert evaluation["fix_rate"] == 0.5


def test_validate_reports_only_what_a_change_brought(mendflow: Run, tmp_path: Path) -> None:
    before, after = tmp_path / "before", tmp_path / "after"
    for folder, line in ((before, ""), (after, "subprocess.run('ls ' + name, shell=True)\n")):
        folder.mkdir()
        (folder / "listing.py").write_text(f"import subprocess\n\nname = input()\neval(name)\n{line}")
    code, out, _ = mendflow("validate", str(after), "--before", str(before), "--json")

    assert code == 3
    codes = {issue["code"] for issue in json.loads(out)["issues"]}
    assert "B602" in codes or "S602" in codes
    assert not codes & {"B307", "S307"}


def test_alerts_parse_prints_what_a_run_would_get(mendflow: Run) -> None:
    payload = REMEDIATION.parent / "alerts" / "alertmanager" / "05_high_error_rate.json"
    code, out, _ = mendflow("alerts", "parse", "--source", "alertmanager", str(payload), "--json")
    assert code == 0
    assert json.loads(out)["incidents"][0]["status"] == "firing"


def test_history_moves_between_homes(mendflow: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mendflow("run", str(QUOTED_NAME / "incident.json"), "--repo", str(QUOTED_NAME / "repo"))
    assert mendflow("history", "export", str(tmp_path / "all.jsonl"))[0] == 0
    monkeypatch.setenv("MENDFLOW_HOME", str(tmp_path / "elsewhere"))
    assert mendflow("history", "import", str(tmp_path / "all.jsonl"))[0] == 0
    code, out, _ = mendflow("history", "show", "--json")
    assert code == 0
    assert len(json.loads(out)["runs"]) == 1
