"""Payloads made to break a receiver: each is refused in one line, or read safely."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.context.alerts import MAX_PAYLOAD_BYTES, SOURCES, detect_source, parse_alert
from tasks.errors import IncidentError
from tasks.models import Incident

CASES = Path(__file__).parents[1] / "cases" / "alerts"
HOSTILE = CASES / "hostile"


def read(name: str, source: str = "alertmanager") -> tuple[Incident, ...]:
    (path,) = [path for path in HOSTILE.glob(f"{name}_*.json") if not path.name.endswith(".expected.json")]
    return parse_alert(source, path.read_bytes())


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("01", "not valid JSON: Unterminated string at line 14, column 24 .is it cut off"),
        ("02", "alertmanager.alerts must be a list, not an object"),
        ("04", "nested deeper than 64 levels"),
        ("11", r"not UTF-8 \(byte \d+ is 0xe9\)"),
        ("12", "Infinity is not JSON; NaN is not JSON; key 'severity' is given twice; key 'status' is given twice"),
    ],
)
def test_refuses_with_one_line_that_says_why(name: str, said: str) -> None:
    with pytest.raises(IncidentError, match=said) as caught:
        read(name)
    assert "\n" not in str(caught.value)


def test_cuts_a_label_of_a_megabyte_and_says_so() -> None:
    def payload(label: str) -> bytes:
        labels = {"alertname": "DiskFull", "severity": "critical", "service": "checkout", "instance": label}
        return json.dumps({"version": "4", "alerts": [{"labels": labels, "startsAt": "2026-11-20T08:00:00Z"}]}).encode()

    (incident,) = parse_alert("alertmanager", payload("x" * 1_000_000))
    assert (incident.title, incident.severity) == ("DiskFull", "critical")
    assert len(incident.model_dump_json()) < 5_000
    assert incident.notes == ("label 'instance' was cut from 1,000,000 characters",)
    (other,) = parse_alert("alertmanager", payload("x" * 999_999 + "y"))
    assert other.fingerprint != incident.fingerprint


def test_refuses_a_payload_beyond_the_stated_size() -> None:
    with pytest.raises(IncidentError, match="at most 5,242,880 are read"):
        parse_alert("alertmanager", b" " * (MAX_PAYLOAD_BYTES + 1))


def test_refuses_a_storm_in_one_payload() -> None:
    with pytest.raises(IncidentError, match="more than 5,000 alerts"):
        parse_alert("alertmanager", json.dumps({"alerts": [{}] * 100_000}).encode())


def test_bounds_what_it_reads_of_endless_lists() -> None:
    frames = [{"filename": f"a{number}.py"} for number in range(50_000)]
    event = {"title": "x", "exception": {"values": [{"type": "E", "stacktrace": {"frames": frames}}]}}
    (incident,) = parse_alert("sentry", json.dumps({"data": {"event": event}}).encode())
    assert len(incident.exceptions[0].frames) == 200
    assert incident.exceptions[0].frames[-1].path == "a49999.py"
    run = {"tool": {"driver": {"name": "t"}}, "results": [{"ruleId": "r", "message": {"text": "m"}}] * 20_000}
    incidents = parse_alert("sarif", json.dumps({"version": "2.1.0", "runs": [run]}).encode())
    assert len(incidents) == 5_000
    assert incidents[0].notes == ("only the first 5,000 results of the report were read",)


def test_reads_instructions_as_ordinary_text() -> None:
    (incident,) = read("05")
    assert (incident.title, incident.severity, incident.fingerprint) == ("HighLatency", "critical", "aaaabbbbccccdddd")


def test_removes_hidden_characters_and_keeps_the_true_label() -> None:
    (incident,) = read("06")
    assert (incident.title, incident.severity, incident.service) == ("Paymentgpj.exe Down", "critical", "checkout")
    assert incident.labels["\\u2066severity\\u2069"] == "low"
    assert incident.model_dump_json().isascii()


def test_keeps_frames_of_other_machines_as_data() -> None:
    (incident,) = read("07", "sentry")
    frames = incident.exceptions[0].frames
    assert len(frames) == 6
    assert (frames[-1].path, frames[-1].line, frames[-1].function) == ("app/handlers.py", 42, "charge")


def test_tells_alerts_without_fingerprints_apart() -> None:
    keys = [incident.fingerprint for incident in read("08")]
    assert len(set(keys)) == 3
    assert all(keys)
    assert keys == [incident.fingerprint for incident in read("08")]


def test_merges_an_alert_sent_several_times_since_its_earliest_start() -> None:
    (incident,) = read("09")
    assert incident.fingerprint == "ddddeeeeffff0000"
    assert incident.occurred_at == datetime(2026, 11, 20, 8, tzinfo=UTC)


def test_flags_times_in_the_future() -> None:
    incidents = read("10")
    assert len({incident.fingerprint for incident in incidents}) == 2
    assert all("lies in the future" in incident.notes[0] for incident in incidents)


def mutated(value: Any, path: list[int], replacement: object) -> Any:
    """`value` with whatever lies at `path`, counted through objects and lists, replaced."""
    if not path or not isinstance(value, dict | list) or not value:
        return replacement
    keys = list(value) if isinstance(value, dict) else list(range(len(value)))
    key = keys[path[0] % len(keys)]
    copy = value.copy()
    copy[key] = mutated(value[key], path[1:], replacement)
    return copy


SAMPLES = [
    (path.parent.name, json.loads(path.read_bytes()))
    for path in sorted(CASES.glob("*/*.json"))
    if path.parent.name != "hostile" and not path.name.endswith(".expected.json") and path.stat().st_size < 20_000
]
REPLACEMENTS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(), st.floats(allow_nan=False, allow_infinity=False),
    st.just([]), st.just({}), st.just([{}]), st.just([[1]]), st.just({"a": {"b": []}}),
    st.sampled_from([10**30, -1, "9" * 40, "\x00", "\ud800", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59"]),
)  # fmt: skip


@given(st.sampled_from(SAMPLES), st.lists(st.integers(0, 20), min_size=1, max_size=7), REPLACEMENTS)
def test_reads_or_refuses_a_payload_with_anything_replaced(
    sample: tuple[str, object], path: list[int], replacement: object
) -> None:
    source, payload = sample
    changed = mutated(payload, path, replacement)
    if isinstance(changed, dict):
        detect_source(changed)
    try:
        incidents = parse_alert(source, json.dumps(changed).encode("utf-8", "surrogatepass"))
    except IncidentError as error:
        assert "\n" not in str(error)
        return
    for incident in incidents:
        assert incident.title
        assert incident.fingerprint
        assert json.loads(incident.model_dump_json())
        assert incident.occurred_at is None or math.isfinite(incident.occurred_at.timestamp())


@given(st.sampled_from(SOURCES), st.binary(max_size=100))
def test_reads_or_refuses_any_bytes_of_any_source(source: str, raw: bytes) -> None:
    try:
        parse_alert(source, raw)
    except IncidentError as error:
        assert "\n" not in str(error)
