"""Incident files as people write them, well and badly."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.context.incident import incident_from_context, incidents_from_bytes, read_incident
from tasks.errors import IncidentError
from tasks.models import Incident, IssueType, Severity

SEED_CALL = {"type": "API_ERROR", "description": "Authentication failure in user service", "severity": "HIGH"}


def read_text(text: str, name: str = "incident") -> Incident:
    (incident,) = incidents_from_bytes(text.encode(), name=name)
    return incident


def error_of(raw: str | bytes, name: str = "incident.json") -> str:
    with pytest.raises(IncidentError) as caught:
        incidents_from_bytes(raw.encode() if isinstance(raw, str) else raw, name=name)
    message = str(caught.value)
    assert "\n" not in message
    assert message.startswith(name)
    assert len(message) < 700
    return message


def test_reads_the_call_of_the_seed() -> None:
    incident = incident_from_context(SEED_CALL)
    assert (incident.type, incident.severity) == (IssueType.API_ERROR, Severity.HIGH)
    assert incident.title == incident.description == "Authentication failure in user service"
    assert incident.id
    assert incident.fingerprint
    assert incident == incident_from_context(dict(SEED_CALL))


def test_reads_json_and_yaml_alike(tmp_path: Path) -> None:
    as_json, as_yaml = tmp_path / "a.json", tmp_path / "b.yaml"
    as_json.write_text(json.dumps(SEED_CALL))
    as_yaml.write_text(
        "# from the pager\ntype: API_ERROR\ndescription: Authentication failure in user service\nseverity: HIGH\n"
    )
    assert read_incident(as_json) == read_incident(as_yaml) == read_incident(None, as_yaml.read_bytes())


def test_reads_every_key() -> None:
    incident = read_text(
        """
type: database
title: Orders fail
description: |
  Since 08:00.
severity: p1
service: orders
logs:
  - first
  - second
stack_trace: |
  Traceback (most recent call last):
    File "/srv/app/db.py", line 7, in load
      row["id"]
  TypeError: 'NoneType' object is not subscriptable
labels: {region: eu, replicas: 3, canary: true, empty: null}
occurred_at: 2026-11-20T09:00:00+01:00
test_command: python -m pytest "tests/a b.py" -q
failing_tests: tests/test_db.py::test_load
environment: {PORT: 8080, DEBUG: true}
id: 4711
fingerprint: orders-load
links: [https://pager.example/1]
"""
    )
    assert (incident.id, incident.fingerprint, incident.service) == ("4711", "orders-load", "orders")
    assert (incident.type, incident.severity) == (IssueType.DATABASE_ERROR, Severity.CRITICAL)
    assert (incident.title, incident.description) == ("Orders fail", "Since 08:00.\n")
    assert incident.logs == "first\nsecond"
    assert incident.occurred_at == datetime(2026, 11, 20, 8, tzinfo=UTC)
    assert incident.labels == {"region": "eu", "replicas": "3", "canary": "true"}
    assert incident.test_command == ("python", "-m", "pytest", "tests/a b.py", "-q")
    assert incident.failing_tests == ("tests/test_db.py::test_load",)
    assert incident.environment == {"PORT": "8080", "DEBUG": "true"}
    assert incident.links == ("https://pager.example/1",)
    (found,) = incident.exceptions
    assert (found.type, found.frames[0].path) == ("TypeError", "/srv/app/db.py")


def test_leaves_a_missing_type_and_severity_to_analysis_and_default() -> None:
    for text in (
        '{"description": "x"}',
        '{"description": "x", "type": null}',
        '{"description": "x", "type": "unknown"}',
    ):
        incident = read_text(text)
        assert (incident.type, incident.severity) == (None, Severity.MEDIUM)


@pytest.mark.parametrize("key", ["stack_trace", "logs", "description"])
def test_finds_the_exception_wherever_it_stands(key: str) -> None:
    trace = 'Traceback (most recent call last):\n  File "a.py", line 1, in f\n    g()\nKeyError: 1\n'
    incident = incident_from_context({"type": "crash", key: trace})
    assert [one.type for one in incident.exceptions] == ["KeyError"]
    assert incident.title == "KeyError: 1"


def test_prefers_the_stack_trace_to_the_logs() -> None:
    trace = 'Traceback (most recent call last):\n  File "a.py", line 1, in f\n    g()\nKeyError: 1\n'
    incident = incident_from_context({"stack_trace": trace, "logs": trace.replace("KeyError", "OSError")})
    assert [one.type for one in incident.exceptions] == ["KeyError"]


def test_same_fault_at_another_time_has_the_same_fingerprint_and_another_id() -> None:
    def report(moment: str, line: int) -> Incident:
        trace = (
            f'Traceback (most recent call last):\n  File "/a{line}/a.py", line {line}, in f\nKeyError: "user {line}"\n'
        )
        return incident_from_context({"description": "x", "stack_trace": trace, "occurred_at": moment})

    first, second = report("2026-11-20T08:00:00Z", 3), report("2026-11-21T08:00:00Z", 4)
    assert first.fingerprint != second.fingerprint  # the quoted name tells them apart
    assert report("2026-11-20T08:00:00Z", 3).id == first.id
    third = incident_from_context({"description": "x took 3.2s at 10:00", "occurred_at": "2026-11-20T08:00:00Z"})
    fourth = incident_from_context({"description": "x took 4.1s at 11:30", "occurred_at": "2026-11-21T08:00:00Z"})
    assert third.fingerprint == fourth.fingerprint
    assert third.id != fourth.id


def test_removes_what_could_fool_a_reader() -> None:
    incident = incident_from_context(
        {"title": "a\u202eb\u0000c\nd\x1b[31m!", "description": "x\x07\u200b", "labels": {"k\u2066": "v"}}
    )
    assert incident.title == "abc d!"
    assert incident.description == "x"
    assert incident.labels == {"k\\u2066": "v"}


def test_cuts_huge_logs_and_still_finds_the_exception_in_their_middle() -> None:
    trace = 'Traceback (most recent call last):\n  File "a.py", line 1, in f\n    g()\nKeyError: 1\n\n'
    filler = "2026-11-20 08:00:00 INFO ok\n" * 40_000
    incident = read_text(json.dumps({"description": "x", "logs": filler + trace + filler}))
    assert [one.type for one in incident.exceptions] == ["KeyError"]
    assert len(incident.logs) < 1_100_000
    assert "characters cut" in incident.logs


def test_flags_a_time_in_the_future() -> None:
    incident = incident_from_context({"description": "x", "occurred_at": "2999-01-01T00:00:00Z"})
    assert incident.occurred_at is not None
    assert "future" in incident.notes[0]


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("", "empty"),
        ("  \n", "empty"),
        ("{", "line 1, column 2"),
        ('{"type": "API_ERROR",\n "description": }', "line 2, column 17"),
        ('{"description": "x",}', "line 1"),
        ("[]", "a list"),
        ("7", "not 7"),
        ('"text"', "not the text"),
        ("just some words", "not the text"),
        ("null", "nothing"),
        ("{}", "description"),
        ('{"severity": "high"}', "description"),
        ('{"description": "x", "severity": "bad"}', "'bad'; use one of critical, high, medium, low, info"),
        ('{"description": "x", "type": "BANANA"}', "'BANANA'"),
        ('{"description": 7}', "'description' must be text, not 7"),
        ('{"description": ["x"]}', "'description' must be text, not a list"),
        ('{"description": "x", "severity": 3}', "'severity' must be text, not 3"),
        ('{"description": "x", "type": ["API"]}', "'type' must be text"),
        ('{"description": "x", "labels": []}', "'labels' must be a mapping"),
        ('{"description": "x", "labels": {"a": {}}}', "'labels.a' must be text, not a mapping"),
        ('{"description": "x", "failing_tests": 3}', "'failing_tests' must be a list of texts, not 3"),
        ('{"description": "x", "test_command": "pytest \'a"}', "'test_command' cannot be split"),
        ('{"description": "x", "test_command": []}', "'test_command'"),
        ('{"description": "x", "test_command": [1]}', "'test_command'"),
        ('{"description": "x", "environment": {"A=B": "c"}}', "'A=B'"),
        ('{"description": "x", "occurred_at": "yesterday"}', "'occurred_at' must be an ISO 8601 time"),
        ('{"descripton": "x"}', "did you mean 'description'?"),
        ('{"description": "x", "StackTrace": "y"}', "did you mean 'stack_trace'?"),
        ('{"action": "created", "issue": {"number": 7}}', "nor a known alert payload"),
        ('{"description": "x", "zzz": "y"}', "known keys: type, description"),
        ('{"description": "x", "description": "y"}', "'description' is given twice"),
        ('{"description": "x", "labels": {"a": NaN}}', "NaN is not JSON"),
        ('{"description": "x", "labels": {"a": 1e999}}', "too large"),
        ('{"description": "x", "labels": {"a": 1' + "0" * 5000 + "}}", "not valid JSON"),
        ("type: [", "line 1"),
        ("a: b: c", "line 1, column 5"),
        ("description: x\ndescription: y", "'description' is given twice at line 2"),
        ("a: &x {b: *x}", "aliases"),
        ("description: x\n---\ndescription: y", "single document"),
        ("description: \x00", "#x0000"),
        ("description: !!python/object/apply:os.system [ls]", "line 1"),
        ("2026-13-45: x", "month must be"),
        ("- " * 200, "deeper than 64"),
        ("[" * 100_000, "deeper than 64"),
        ('{"a":' * 500, "deeper than 64"),
        (b'{"description": "d\xe9bit"}', "not UTF-8"),
        ('{"description": "x"}'.encode("utf-16"), "UTF-16"),
    ],
)
def test_names_what_is_wrong_in_one_line(raw: str | bytes, said: str) -> None:
    assert said in error_of(raw, "incident")


def test_takes_a_byte_order_mark() -> None:
    assert incidents_from_bytes('\ufeff{"description": "x"}'.encode(), name="incident.json")


def test_takes_brackets_inside_texts() -> None:
    assert read_text(json.dumps({"description": "[" * 1000 + '"\\"{{{'})).description.startswith("[[")


@pytest.mark.parametrize("path", ["missing.json", ".", "a\x00b", "x" * 5000])
def test_names_a_file_that_cannot_be_read(path: str, tmp_path: Path) -> None:
    with pytest.raises(IncidentError) as caught:
        read_incident(tmp_path / path)
    assert "\n" not in str(caught.value)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)
KEYS = st.sampled_from(
    [
        *["type", "description", "severity", "title", "service", "logs", "stack_trace", "labels", "occurred_at"],
        *["test_command", "failing_tests", "environment", "id", "fingerprint", "links"],
    ]
)


@given(st.dictionaries(KEYS, VALUES, max_size=6))
def test_reads_or_refuses_any_mapping(fields: dict[str, object]) -> None:
    try:
        incident = incident_from_context(fields)
    except IncidentError as error:
        assert "\n" not in str(error)
    else:
        assert incident.id
        assert incident.title
        incident.model_dump_json()


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))
def test_reads_or_refuses_any_bytes(raw: bytes) -> None:
    try:
        incidents_from_bytes(raw, name="incident")
    except IncidentError as error:
        assert "\n" not in str(error)
