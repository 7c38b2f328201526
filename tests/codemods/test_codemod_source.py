"""What `CodemodSource` proposes for an incident."""

import sys
from pathlib import Path

from tasks.generation.codemods import CodemodSource
from tasks.models import (
    Analysis,
    CodeLocation,
    Complexity,
    Domain,
    ExceptionInfo,
    GenerationTask,
    Incident,
    IssueType,
    RepositoryContext,
    Severity,
    Suspect,
    ValidationFeedback,
)
from tasks.protocols import GeneratorTools
from tasks.sandbox import choose_sandbox

CLIENT = """import requests
import yaml


def load(url):
    return yaml.load(requests.get(url).text)


def again(url):
    return yaml.load(requests.get(url).text)
"""


def task_for(root: Path, incident: Incident, issue_type: IssueType, suspects: tuple[str, ...]) -> GenerationTask:
    ranked = tuple(Suspect(path=path, score=1 / len(suspects)) for path in suspects)
    files = tuple(sorted(path.relative_to(root).as_posix() for path in root.rglob("*.py")))
    return GenerationTask(
        incident=incident,
        repository=RepositoryContext(root=root, source_files=files, suspects=ranked),
        analysis=Analysis(
            issue_type=issue_type,
            severity=Severity.HIGH,
            domain=issue_type.domain,
            complexity=Complexity.SIMPLE,
            root_cause="",
            suspects=ranked,
            strategy="codemods-first",
            strategy_reason="",
            confidence=0.5,
        ),
        workspace=root,
        python=sys.executable,
    )


def tools() -> GeneratorTools:
    return GeneratorTools(sandbox=choose_sandbox())


def test_changes_only_the_line_that_a_finding_names(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app/client.py").write_text(CLIENT)
    finding = CodeLocation(path="/build/src/app/client.py", line=10, rule_id="B506", tool="bandit")
    incident = Incident(id="1", title="Unsafe YAML", locations=(finding,))
    outcome = CodemodSource().propose(task_for(tmp_path, incident, IssueType.SECURITY_ISSUE, ()), tools())
    best = outcome.candidates[0]
    assert best.rule == "safe_yaml_load" and best.resolves == ("B506",) and best.confidence >= 0.8
    assert best.edits[0].after == CLIENT.replace(
        "def again(url):\n    return yaml.load(", "def again(url):\n    return yaml.safe_load("
    )


def test_exception_and_words_choose_the_rule_for_the_suspect(tmp_path: Path) -> None:
    (tmp_path / "client.py").write_text(CLIENT)
    (tmp_path / "other.py").write_text(CLIENT)
    incident = Incident(
        id="1",
        title="Worker hangs",
        description="upstream timed out",
        exceptions=(ExceptionInfo(type="requests.exceptions.ReadTimeout"),),
    )
    outcome = CodemodSource().propose(task_for(tmp_path, incident, IssueType.API_ERROR, ("client.py",)), tools())
    assert outcome.candidates[0].rule == "add_request_timeout"
    assert {edit.path for candidate in outcome.candidates for edit in candidate.edits} == {"client.py"}
    assert outcome.candidates[0].confidence < 0.5


def test_a_codeql_finding_without_place_is_looked_for_everywhere(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1\n")
    (tmp_path / "b.py").write_text(CLIENT)
    finding = CodeLocation(path="", rule_id="py/unsafe-deserialization", tool="CodeQL")
    incident = Incident(id="1", title="Unsafe deserialization", locations=(finding,))
    outcome = CodemodSource().propose(task_for(tmp_path, incident, IssueType.SECURITY_ISSUE, ("a.py",)), tools())
    best = outcome.candidates[0]
    assert best.edits[0].path == "b.py" and "py/unsafe-deserialization" in best.resolves


def test_says_why_nothing_is_proposed(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1\n")
    outcome = CodemodSource().propose(
        task_for(tmp_path, Incident(id="1", title="odd"), IssueType.LOGIC_ERROR, ("a.py",)), tools()
    )
    assert not outcome.candidates and outcome.notes


def test_general_incidents_get_no_domain_guess() -> None:
    assert IssueType.LOGIC_ERROR.domain is Domain.GENERAL


SHOP = """import sqlite3


def find(db, name):
    return db.execute(f"SELECT id FROM item WHERE name = '{name}'").fetchall()


def names(rows):
    return [row["name"] for row in rows]
"""
TEST_SHOP = """import sqlite3

from shop import find


def test_finds_a_name_with_a_quote():
    db = sqlite3.connect(":memory:")
    db.execute("CREATE TABLE item (id, name)")
    db.execute("INSERT INTO item VALUES (1, 'O''Neill')")
    assert find(db, "O'Neill") == [(1,)]
    db.close()
"""


def test_a_repair_that_mends_the_failing_test_is_convincing(tmp_path: Path) -> None:
    (tmp_path / "shop.py").write_text(SHOP)
    (tmp_path / "test_shop.py").write_text(TEST_SHOP)
    incident = Incident(
        id="1",
        title="Search fails",
        exceptions=(ExceptionInfo(type="sqlite3.OperationalError", message='near "Neill": syntax error'),),
        failing_tests=("test_shop.py::test_finds_a_name_with_a_quote",),
    )
    task = task_for(tmp_path, incident, IssueType.QUERY_ERROR, ("shop.py",))
    outcome = CodemodSource().propose(task, tools())
    best = outcome.candidates[0]
    assert best.rule == "bind_sql_parameters" and best.confidence >= 0.5 and not best.suspicions
    assert outcome.test_runs >= 1
    assert (tmp_path / "shop.py").read_text() == SHOP


def test_a_repair_that_leaves_the_test_failing_is_not_offered(tmp_path: Path) -> None:
    (tmp_path / "client.py").write_text(CLIENT)
    (tmp_path / "test_client.py").write_text("def test_it():\n    assert False\n")
    incident = Incident(
        id="1", title="upstream timed out", failing_tests=("test_client.py::test_it",), description="hang"
    )
    task = task_for(tmp_path, incident, IssueType.API_ERROR, ("client.py",))
    outcome = CodemodSource().propose(task, tools())
    assert not outcome.candidates and outcome.candidates_tried and "failing tests" in outcome.notes[-1]


def test_changes_the_place_that_leads_to_the_reported_line(tmp_path: Path) -> None:
    source = (
        "import os\n\n\ndef read(folder, name):\n    path = os.path.join(folder, name)\n    return open(path).read()\n"
    )
    (tmp_path / "files.py").write_text(source)
    finding = CodeLocation(path="files.py", line=6, rule_id="py/path-injection", tool="CodeQL")
    incident = Incident(id="1", title="Path injection", locations=(finding,))
    outcome = CodemodSource().propose(task_for(tmp_path, incident, IssueType.SECURITY_ISSUE, ()), tools())
    best = outcome.candidates[0]
    assert best.rule == "guard_path_traversal" and best.resolves == ("py/path-injection",)
    assert best.suspicions and best.confidence < 0.8


def test_a_candidate_that_was_turned_away_is_not_offered_again(tmp_path: Path) -> None:
    (tmp_path / "client.py").write_text(CLIENT)
    finding = CodeLocation(path="client.py", line=6, rule_id="B506")
    incident = Incident(id="1", title="Unsafe YAML", locations=(finding,))
    task = task_for(tmp_path, incident, IssueType.SECURITY_ISSUE, ())
    first = CodemodSource().propose(task, tools()).candidates[0]
    again = task.model_copy(update={"feedback": (ValidationFeedback(candidate_id=first.id),)})
    assert first.id not in {candidate.id for candidate in CodemodSource().propose(again, tools()).candidates}


def test_a_file_that_is_no_python_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "client.py").write_text("print 'requests'\n")
    finding = CodeLocation(path="client.py", line=1, rule_id="B113")
    incident = Incident(id="1", title="No timeout", locations=(finding,))
    outcome = CodemodSource().propose(task_for(tmp_path, incident, IssueType.API_ERROR, ()), tools())
    assert not outcome.candidates and outcome.notes
