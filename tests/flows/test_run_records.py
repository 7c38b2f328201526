"""What a run leaves behind: tags, artifacts, history; and what it must not: secrets."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterFlowRunId
from prefect.client.schemas.objects import Artifact, FlowRun
from prefect.client.schemas.sorting import FlowRunSort

from analytics.history import History
from flows.remediate_incident import remediate_incident
from tasks.context.incident import read_incident
from tasks.errors import InputError, RefusedError
from tasks.models import Status

pytestmark = [pytest.mark.flow, pytest.mark.usefixtures("prefect_server")]

SECRET = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
SOURCE = f'TOKEN = "{SECRET}"\n\n\ndef ratio(part, whole):\n    return part / whole\n'
TESTS = "from shares import ratio\n\n\ndef test_half():\n    assert ratio(1, 2) == 0.5\n"
TRACE = (
    "Traceback (most recent call last):\n"
    '  File "/srv/shares.py", line 5, in ratio\n'
    "    return part / whole\n"
    "ZeroDivisionError: division by zero\n"
)


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    root = tmp_path / "shares"
    (root / "tests").mkdir(parents=True)
    (root / "shares.py").write_text(SOURCE)
    (root / "tests" / "test_shares.py").write_text(TESTS)
    (root / "pytest.ini").write_text("[pytest]\npythonpath = .\n")
    return root


@pytest.fixture
def incident_file(tmp_path: Path) -> Path:
    path = tmp_path / "incident.json"
    incident = {
        "title": "Share report crashes",
        "service": "reports",
        "severity": "LOW",
        "logs": f"2026-01-01 ERROR login with {SECRET} failed",
        "stack_trace": TRACE,
        "environment": {"DATABASE_PASSWORD": "hunter2-hunter2"},
    }
    path.write_text(json.dumps(incident))
    return path


async def last_run() -> tuple[FlowRun, list[Artifact]]:
    async with get_client() as client:
        [run] = await client.read_flow_runs(sort=FlowRunSort.START_TIME_DESC, limit=1)
        of_run = ArtifactFilter(flow_run_id=ArtifactFilterFlowRunId(any_=[run.id]))
        return run, await client.read_artifacts(artifact_filter=of_run)


async def test_run_is_named_tagged_and_described_without_secrets(repo: Path, incident_file: Path, home: Path) -> None:
    result = await remediate_incident(incident=read_incident(incident_file), repository=str(repo), time_limit_s=20)
    run, artifacts = await last_run()

    assert run.name == "Share report crashes"
    assert {"service:reports", "severity:low", "source:incident", f"verdict:{result.status}"} <= set(run.tags)
    assert {"summary", "progress"} <= {artifact.key for artifact in artifacts}
    written = json.dumps([artifact.model_dump(mode="json") for artifact in artifacts])
    assert SECRET not in written and "hunter2" not in written
    assert SECRET not in json.dumps(run.parameters)

    assert result.history_id is not None
    recorded = History(home).run(result.history_id)
    assert recorded.generation.status == result.status
    assert recorded.generation.run_id == str(run.id)
    history = recorded.model_dump_json()
    assert SECRET not in history and "hunter2" not in history
    assert "hunter2" not in result.model_dump_json()


async def test_switched_off_configuration_refuses(
    repo: Path, incident_file: Path, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "config.yaml"
    config.write_text("unified_code_generation:\n  enabled: false\n")
    monkeypatch.setenv("MENDFLOW_CONFIG", str(config))
    with pytest.raises(RefusedError, match="switched off"):
        await remediate_incident(incident=read_incident(incident_file), repository=str(repo))


async def test_no_history_is_kept_when_that_is_switched_off(
    repo: Path, incident_file: Path, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "config.yaml"
    config.write_text("unified_code_generation:\n  learning:\n    history_tracking: false\n")
    monkeypatch.setenv("MENDFLOW_CONFIG", str(config))
    result = await remediate_incident(incident=read_incident(incident_file), repository=str(repo), time_limit_s=20)
    assert result.history_id is None
    assert not (home / "ledger").exists()


async def test_nothing_is_fixed_when_validation_is_switched_off(
    repo: Path, incident_file: Path, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "config.yaml"
    config.write_text("unified_code_generation:\n  validation:\n    enabled: false\n")
    monkeypatch.setenv("MENDFLOW_CONFIG", str(config))
    result = await remediate_incident(incident=read_incident(incident_file), repository=str(repo), time_limit_s=20)
    assert result.status in (Status.PLAUSIBLE, Status.UNFIXED)
    assert result.validation_result is None


async def test_model_engine_without_a_model_is_bad_input(repo: Path, incident_file: Path, home: Path) -> None:
    with pytest.raises(InputError, match="no language model"):
        await remediate_incident(incident=read_incident(incident_file), repository=str(repo), engine="model")
