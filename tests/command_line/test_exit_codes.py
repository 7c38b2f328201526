"""Bad input: one clear line on stderr, nothing on stdout, exit code 2, and no Prefect started for it."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from deployments.cli import main

CASES = Path(__file__).parent.parent / "cases"
CASE = CASES / "remediation" / "logic_moving_average"


@dataclass(frozen=True)
class Ended:
    code: int
    stdout: str
    stderr: str


@pytest.fixture
def mendflow(home: Path, capfd: pytest.CaptureFixture[str]) -> Callable[..., Ended]:
    """Runs the command in this process, as the console script does."""

    def run(*arguments: str) -> Ended:
        with pytest.raises(SystemExit) as ended:
            main(list(arguments))
        captured = capfd.readouterr()
        return Ended(int(ended.value.code or 0), captured.out, captured.err)

    return run


Mendflow = Callable[..., Ended]


def refused(run: Ended) -> str:
    """The one line that explains the refusal."""
    assert run.code == 2, run.stderr
    assert run.stdout == ""
    assert "Traceback" not in run.stderr
    lines = run.stderr.strip().splitlines()
    assert len(lines) == 1, run.stderr
    assert lines[0].startswith("mendflow: ")
    return lines[0]


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("missing.json", None, "missing.json"),
        ("broken.json", b'{"title": "x",', "line 1"),
        ("broken.yaml", b"title: [unclosed", "line 1"),
        ("empty.json", b"", "empty"),
        ("type.json", b'{"title": "x", "description": "y", "type": "BANANA"}', "BANANA"),
        ("severity.json", b'{"title": "x", "description": "y", "severity": "purple"}', "purple"),
        ("key.json", b'{"title": "x", "descripton": "y"}', "descripton"),
        ("list.json", b"[1, 2]", "list.json"),
    ],
)
def test_incident_that_cannot_be_used(
    mendflow: Mendflow, tmp_path: Path, name: str, content: bytes | None, expected: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    line = refused(mendflow("run", str(path), "--repo", str(CASE / "repo")))
    assert expected in line


def test_repository_that_is_not_there(mendflow: Mendflow, tmp_path: Path) -> None:
    run = mendflow("run", str(CASE / "incident.json"), "--repo", str(tmp_path / "nowhere"))
    assert "nowhere" in refused(run)


def test_repository_that_is_a_file(mendflow: Mendflow) -> None:
    path = str(CASE / "incident.json")
    assert "is a file" in refused(mendflow("run", path, "--repo", path))


def test_incident_from_standard_input(mendflow: Mendflow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"{")))
    assert "line 1" in refused(mendflow("run", "-", "--repo", str(CASE / "repo")))


@pytest.mark.parametrize(
    "arguments", [("run",), ("run", "x.json"), ("fly",), ("run", "x.json", "--repo", ".", "--engine", "steam")]
)
def test_bad_usage(mendflow: Mendflow, arguments: tuple[str, ...]) -> None:
    refused(mendflow(*arguments))


def test_wrong_configuration_key_is_named_with_its_line(
    mendflow: Mendflow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "config.yaml"
    config.write_text("unified_code_generation:\n  enabled: true\n  atempts: 2\n")
    monkeypatch.setenv("MENDFLOW_CONFIG", str(config))
    line = refused(mendflow("validate", __file__))
    assert "atempts" in line and "3" in line and "attempts" in line


@pytest.mark.flow
def test_test_command_that_cannot_start(mendflow: Mendflow, prefect_server: str) -> None:
    command = ["run", str(CASE / "incident.json"), "--repo", str(CASE / "repo"), "--test-command", "no-such-runner -q"]
    run = mendflow(*command)
    assert run.code == 2
    assert "no-such-runner" in run.stderr.strip().splitlines()[-1]
    assert "Traceback" not in run.stderr


def test_cases_folder_without_cases(mendflow: Mendflow, tmp_path: Path) -> None:
    assert "no case" in refused(mendflow("evaluate", str(tmp_path)))


def test_unknown_run_of_the_history(mendflow: Mendflow) -> None:
    assert "0000" in refused(mendflow("history", "show", "0000"))


def test_command_line_imports_no_prefect() -> None:
    code = "import sys, deployments.cli; sys.exit('prefect' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
