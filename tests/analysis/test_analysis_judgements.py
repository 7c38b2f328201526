"""Severity, domain, issue type and findings are judged with evidence that can be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from tasks.analysis.engine import WorkflowAnalysisEngine
from tasks.context.manager import WorkflowContextManager
from tasks.models import (
    Analysis,
    CodeLocation,
    Domain,
    ExceptionInfo,
    Incident,
    IssueType,
    Severity,
    StackFrame,
    TestRun,
)


def analyse(root: Path, incident: Incident, text: str = "def load(db):\n    return db\n") -> Analysis:
    (root / "users.py").write_text(text, "utf-8")
    return WorkflowAnalysisEngine().analyse(incident, WorkflowContextManager(None).build(incident, root))


def details(found: Analysis, about: str) -> str:
    return " | ".join(item.detail for item in found.evidence[about])


@pytest.mark.parametrize(
    ("incident", "severity", "reason"),
    [
        (Incident(id="1", title="Slow"), Severity.MEDIUM, "reported as medium"),
        (
            Incident(id="1", title="Retry", description="Some customers were charged twice."),
            Severity.HIGH,
            "raised to high: the report says 'charged twice'",
        ),
        (
            Incident(id="1", title="Data loss", severity=Severity.CRITICAL, status="resolved"),
            Severity.CRITICAL,
            "reported as critical",
        ),
        (
            Incident(id="1", title="Errors, but no data loss", severity=Severity.LOW),
            Severity.LOW,
            "reported as low",
        ),
        (
            Incident(id="1", title="Slow", severity=Severity.HIGH, status="resolved"),
            Severity.MEDIUM,
            "lowered to medium: the alert has resolved",
        ),
        (Incident(id="1", title="x", severity=Severity.INFO, status="resolved"), Severity.INFO, "reported as info"),
    ],
)
def test_severity_changes_only_with_evidence(
    tmp_path: Path, incident: Incident, severity: Severity, reason: str
) -> None:
    found = analyse(tmp_path, incident)
    assert found.severity is severity
    assert details(found, "severity").endswith(reason)


@pytest.mark.parametrize(
    ("imported", "kind", "issue_type", "domain"),
    [
        ("import psycopg", "TimeoutError", IssueType.CONNECTION_ERROR, Domain.DATABASE),
        ("import requests", "TimeoutError", IssueType.API_ERROR, Domain.API),
        ("from urllib.request import urlopen", "ConnectionResetError", IssueType.API_ERROR, Domain.API),
        ("import sqlite3", "KeyError", IssueType.RUNTIME_ERROR, Domain.GENERAL),
        ("import os", "ValueError", IssueType.RUNTIME_ERROR, Domain.GENERAL),
    ],
)
def test_imports_of_the_suspect_decide_what_a_wait_was_for(
    tmp_path: Path, imported: str, kind: str, issue_type: IssueType, domain: Domain
) -> None:
    frame = StackFrame(path="/srv/users.py", line=5, function="load")
    incident = Incident(id="1", title="Fails", exceptions=(ExceptionInfo(type=kind, frames=(frame,)),))
    found = analyse(tmp_path, incident, f"{imported}\n\n\ndef load(db):\n    return db\n")
    assert (found.issue_type, found.domain) == (issue_type, domain)
    if imported != "import os":
        assert "users.py imports" in details(found, "domain")


def test_domain_evidence_holds_what_spoke_for_the_type(tmp_path: Path) -> None:
    found = analyse(tmp_path, Incident(id="1", title="GET /users answers 429"))
    assert (found.issue_type, found.domain) == (IssueType.RATE_LIMIT_ERROR, Domain.API)
    assert "'429'" in details(found, "domain")


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("B608", "`load` in users.py:2 builds SQL text from values, which can change the statement (B608)"),
        ("S608", "`load` in users.py:2 builds SQL text from values, which can change the statement (S608)"),
        ("py/path-injection", "`load` in users.py:2 opens a path that a visitor chooses (py/path-injection)"),
        ("X999", "`load` in users.py:2 breaks X999: Odd code"),
        (None, "`load` in users.py:2 breaks a rule: Odd code"),
    ],
)
@pytest.mark.parametrize("path", ["users.py", "./users.py", "C:\\build\\users.py"])
def test_a_finding_is_told_by_what_its_rule_means(tmp_path: Path, rule: str | None, expected: str, path: str) -> None:
    incident = Incident(id="1", title="Odd code", locations=(CodeLocation(path=path, line=2, rule_id=rule),))
    found = analyse(tmp_path, incident)
    assert found.root_cause == expected
    assert found.confidence > 0.6


def test_a_green_baseline_changes_nothing(tmp_path: Path) -> None:
    incident = Incident(id="1", title="`load` is wrong")
    before = analyse(tmp_path, incident)
    repository = WorkflowContextManager(None).build(incident, tmp_path)
    baseline = TestRun(command=("x",), passed=3, exit_code=0, output_tail="3 passed")
    assert WorkflowAnalysisEngine().analyse(incident, repository, baseline) == before


def test_hostile_test_output_is_read_without_error(tmp_path: Path) -> None:
    output = "E   assert " + "(" * 5_000 + "\nE\x00\x1b[2J" + "a.py:1: in f\n" * 2_000 + "assert " * 3_000
    incident = Incident(id="1", title="It is down")
    (tmp_path / "users.py").write_text("def load():\n    pass\n")
    repository = WorkflowContextManager(None).build(incident, tmp_path)
    names = ("../../etc/passwd::x", "users.py::load[" + "x" * 500 + "]", "", "::", "a (b", "/etc/hostname")
    baseline = TestRun(command=("x",), failed=6, failing=names, exit_code=1, output_tail=output)
    found = WorkflowAnalysisEngine().analyse(incident, repository, baseline)
    assert "\x1b" not in found.root_cause
    assert all(item.path == "users.py" for item in found.suspects)
