"""What the analysis says of incidents, and that it says no more than it saw."""

from __future__ import annotations

from pathlib import Path

import pytest

from tasks.analysis.engine import WorkflowAnalysisEngine
from tasks.context.manager import WorkflowContextManager
from tasks.models import (
    Analysis,
    CodeLocation,
    Complexity,
    Domain,
    ExceptionInfo,
    Incident,
    IssueType,
    Severity,
    StackFrame,
    Strategy,
)


def analyse(root: Path, incident: Incident, **files: str) -> Analysis:
    for name, text in files.items():
        (root / f"{name}.py").write_text(text, "utf-8")
    repository = WorkflowContextManager(None).build(incident, root)
    return WorkflowAnalysisEngine().analyse(incident, repository)


def crash(kind: str, message: str, line: int, function: str | None = "load") -> Incident:
    frame = StackFrame(path="/srv/app/users.py", line=line, function=function)
    return Incident(
        id="1", title="Users fail", exceptions=(ExceptionInfo(type=kind, message=message, frames=(frame,)),)
    )


@pytest.mark.parametrize(
    ("body", "kind", "message", "expected"),
    [
        (
            "row = db.fetchone()\n    return row['id']",
            "TypeError",
            "'NoneType' object is not subscriptable",
            "`load` in users.py:3 subscripts `row` although it is None; `row` comes from `db.fetchone()` at line 2",
        ),
        (
            "pass\n    return db.profile.name",
            "AttributeError",
            "'NoneType' object has no attribute 'name'",
            "`load` in users.py:3 reads `db.profile.name` although `db.profile` is None",
        ),
        (
            "pass\n    return db.name + key.name",
            "AttributeError",
            "'NoneType' object has no attribute 'name'",
            "`load` in users.py:3 reads `db.name` or `key.name` although `db` or `key` is None",
        ),
        (
            "pass\n    return key.name",
            "AttributeError",
            "'NoneType' object has no attribute 'name'",
            "`load` in users.py:3 reads `key.name` although `key` is None; "
            "`key` is a parameter, so the caller passed None or left out a default of None",
        ),
        (
            "key = db.first() or key\n    return key.name",
            "AttributeError",
            "'NoneType' object has no attribute 'name'",
            "`load` in users.py:3 reads `key.name` although `key` is None",
        ),
        (
            "pass\n    return key[0] + db[1]",
            "IndexError",
            "list index out of range",
            "`load` in users.py:3 takes `key[0]` or `db[1]` although `key` or `db` is too short",
        ),
        (
            "pass\n    return db.pop()",
            "IndexError",
            "pop from empty list",
            "`load` in users.py:3 pops from `db` although it is empty",
        ),
        (
            "pass\n    return db['a'] + key['b']",
            "KeyError",
            "'b'",
            "`load` in users.py:3 takes `key['b']` although `key` has no key 'b'",
        ),
        (
            "pass\n    return key / len(db) / 2",
            "ZeroDivisionError",
            "division by zero",
            "`load` in users.py:3 divides by `len(db)` although it is zero",
        ),
        (
            "pass\n    db.execute(f'SELECT {key}')",
            "sqlite3.OperationalError",
            'near "x": syntax error',
            "`load` in users.py:3 pastes values into the SQL text `f'SELECT {key}'`, where near \"x\": syntax error",
        ),
        (
            "pass\n    raise LookupError(key)",
            "LookupError",
            "nobody",
            "`load` in users.py:3 raises LookupError: nobody",
        ),
    ],
)
def test_root_cause_names_the_code(tmp_path: Path, body: str, kind: str, message: str, expected: str) -> None:
    found = analyse(tmp_path, crash(kind, message, 3), users=f"def load(db, key):\n    {body}\n")
    assert found.root_cause == expected
    assert found.hypotheses[0].statement == expected
    assert {item.kind for item in found.hypotheses[0].evidence} >= {"stack-frame", "code"}
    assert found.confidence > 0.4


def test_says_so_when_nothing_points_anywhere(tmp_path: Path) -> None:
    found = analyse(tmp_path, Incident(id="1", title="It is down"), users="def load():\n    pass\n")
    assert (found.hypotheses, found.suspects) == ((), ())
    assert "nothing" in found.root_cause
    assert found.confidence <= 0.1


def test_doubts_a_frame_that_the_file_no_longer_holds(tmp_path: Path) -> None:
    incident = crash("KeyError", "'b'", 40, "gone")
    found = analyse(tmp_path, incident, users="def load(db):\n    return db\n")
    assert found.confidence < 0.4
    assert any(item.kind == "doubt" for item in found.hypotheses[0].evidence)


@pytest.mark.parametrize(
    ("incident", "issue_type", "domain", "strategy"),
    [
        (
            Incident(id="1", title="x", type=IssueType.API_ERROR),
            IssueType.API_ERROR,
            Domain.API,
            Strategy.CODEMODS_FIRST,
        ),
        (
            crash("sqlite3.OperationalError", "database is locked", 2),
            IssueType.DEADLOCK_ERROR,
            Domain.DATABASE,
            Strategy.CODEMODS_FIRST,
        ),
        (crash("KeyError", "'b'", 2), IssueType.RUNTIME_ERROR, Domain.GENERAL, Strategy.CRASH_TEMPLATES_FIRST),
        (
            Incident(id="1", title="x", locations=(CodeLocation(path="users.py", line=2, rule_id="B608"),)),
            IssueType.SECURITY_ISSUE,
            Domain.SECURITY,
            Strategy.CODEMODS_FIRST,
        ),
        (
            Incident(id="1", title="x", locations=(CodeLocation(path="users.py", line=2, rule_id="PERF401"),)),
            IssueType.PERFORMANCE_ISSUE,
            Domain.PERFORMANCE,
            Strategy.CODEMODS_FIRST,
        ),
        (
            Incident(id="1", title="Report is slow"),
            IssueType.PERFORMANCE_ISSUE,
            Domain.PERFORMANCE,
            Strategy.CODEMODS_FIRST,
        ),
    ],
)
def test_classifies_and_chooses_with_evidence(
    tmp_path: Path, incident: Incident, issue_type: IssueType, domain: Domain, strategy: Strategy
) -> None:
    found = analyse(tmp_path, incident, users="def load(db):\n    return db['b']\n")
    assert (found.issue_type, found.domain, found.strategy) == (issue_type, domain, strategy)
    assert found.severity is Severity.MEDIUM
    assert found.strategy_reason
    assert all(found.evidence[key] for key in ("issue_type", "severity", "domain", "complexity"))


def test_one_suspect_in_one_file_is_simple_and_confidences_stay_within_one(tmp_path: Path) -> None:
    found = analyse(tmp_path, crash("KeyError", "'b'", 2), users="def load(db):\n    return db['b']\n")
    assert found.complexity is Complexity.SIMPLE
    assert sum(item.confidence for item in found.hypotheses) <= 1.0
