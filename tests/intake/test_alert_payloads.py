"""Every captured payload gives the facts that its `.expected.json` lists."""

from __future__ import annotations

import base64
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tasks.context.alerts import SOURCES, detect_source, parse_alert
from tasks.context.alerts.datadog import TEMPLATE
from tasks.context.incident import incidents_from_bytes, read_incident
from tasks.errors import IncidentError
from tasks.models import Incident, IssueType, Severity

CASES = Path(__file__).parents[1] / "cases" / "alerts"
PAYLOADS = sorted(
    path
    for path in CASES.glob("*/*.json")
    if path.parent.name != "hostile" and not path.name.endswith(".expected.json")
)

Facts = dict[str, Any]


def facts_of(path: Path) -> list[Facts]:
    facts = json.loads(path.with_suffix(".expected.json").read_text())
    return list(facts.get("incidents", [facts]))


def assert_one_of(actual: object, facts: Facts, key: str) -> None:
    wanted = facts.get(f"{key}_any_of", [facts[key]])
    trimmed = [one.strip() if isinstance(one, str) else one for one in wanted]
    assert actual in trimmed, f"{key}: {actual!r} is none of {trimmed!r}"


def assert_same_moment(actual: datetime | None, facts: Facts) -> None:
    wanted = facts.get("occurred_at_any_of", [facts["occurred_at"]])
    if actual is None:
        assert None in wanted
    else:
        moments = [datetime.fromisoformat(one) for one in wanted if one]
        assert any(abs(actual - moment) <= timedelta(seconds=1) for moment in moments)


def assert_facts(incident: Incident, facts: Facts) -> None:
    assert incident.source == facts["source"]
    if facts["title"] is not None:
        assert_one_of(incident.title, facts, "title")
    if facts["severity"] is None and "severity_any_of" not in facts:
        assert incident.severity is Severity.MEDIUM
    else:
        assert_one_of(incident.severity.value, facts, "severity")
    assert incident.status == facts["status"]
    assert_one_of(incident.service, facts, "service")
    assert incident.fingerprint
    if facts["dedupe_key"] is not None:
        assert_one_of(incident.fingerprint, facts, "dedupe_key")
    assert_same_moment(incident.occurred_at, facts)
    frames = incident.exceptions[-1].frames if incident.exceptions else ()
    assert [{"file": one.path, "line": one.line, "function": one.function} for one in frames] == facts["frames"]
    assert incident.is_test is facts.get("is_test", False)
    assert incident.labels.get("rule_id") == facts.get("rule_id", incident.labels.get("rule_id"))
    if "tool" in facts:
        assert incident.labels["tool"] == facts["tool"]
    if facts.get("location"):
        place = incident.locations[0]
        assert (place.path, place.line) == (facts["location"]["file"], facts["location"]["line"])
        assert place.rule_id == facts["rule_id"]


@pytest.mark.parametrize("path", PAYLOADS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_gives_the_expected_facts(path: Path) -> None:
    raw, expected = path.read_bytes(), facts_of(path)
    incidents = parse_alert(path.parent.name, raw)
    assert len(incidents) == len(expected)
    for incident, facts in zip(incidents, expected, strict=True):
        assert_facts(incident, facts)
    assert detect_source(json.loads(raw)) == path.parent.name
    assert incidents_from_bytes(raw, name=path.name) == incidents
    assert parse_alert(path.parent.name, raw) == incidents


def test_every_source_but_the_plain_one_has_captures() -> None:
    assert {path.parent.name for path in PAYLOADS} | {"json"} == set(SOURCES)


def test_tells_the_results_of_one_tool_apart() -> None:
    for path in CASES.glob("sarif/0[12456]*s.json"):
        keys = [incident.fingerprint for incident in parse_alert("sarif", path.read_bytes())]
        assert len(set(keys)) == len(keys)


def test_read_incident_takes_the_most_severe_one_that_fires_and_names_the_others(tmp_path: Path) -> None:
    incident = read_incident(CASES / "sarif" / "01_bandit_14_results.json")
    assert incident.severity is Severity.HIGH
    assert incident.type is IssueType.SECURITY_ISSUE
    assert "one of 14 incidents" in incident.notes[-1]
    payload = json.loads((CASES / "alertmanager" / "02_rule_failures_two_alerts.json").read_text())
    payload["alerts"][0]["status"] = "resolved"
    (tmp_path / "two.json").write_text(json.dumps(payload))
    assert read_incident(tmp_path / "two.json").fingerprint == "b81c57e53f0bff63"


def test_reads_a_payload_that_pubsub_wrapped() -> None:
    raw = (CASES / "gcp_monitoring" / "03_sent_bytes_critical.json").read_bytes()
    wrapped = {"message": {"data": base64.b64encode(raw).decode(), "messageId": "1"}, "subscription": "s"}
    assert detect_source(wrapped) == "gcp_monitoring"
    assert parse_alert("gcp_monitoring", json.dumps(wrapped).encode()) == parse_alert("gcp_monitoring", raw)
    with pytest.raises(IncidentError, match="not base64"):
        parse_alert("gcp_monitoring", b'{"message": {"data": "%%%"}}')


def test_reads_what_our_datadog_template_sends() -> None:
    values = {
        "$EVENT_TITLE": "[P2] [Triggered on {host:a}] Disk is full",
        "$ALERT_CYCLE_KEY": "cycle-1",
        "$ALERT_TRANSITION": "Triggered",
        "$DATE_POSIX": "1763625600",
        "$TAGS": "env:prod,service:checkout,plain",
        "$LINK": "https://app.datadoghq.com/event/1",
    }
    text = TEMPLATE
    for name, value in values.items():
        text = text.replace(f'"{name}"', json.dumps(value))
    (incident,) = parse_alert("datadog", text.encode())
    assert (incident.fingerprint, incident.service, incident.severity) == ("cycle-1", "checkout", Severity.HIGH)
    assert incident.occurred_at is not None
    assert incident.occurred_at.year == 2025
    assert incident.links == ("https://app.datadoghq.com/event/1",)
    assert detect_source(json.loads(text)) == "datadog"


def test_a_datadog_recovery_without_keys_meets_its_trigger() -> None:
    def report(title: str) -> Incident:
        body = "see https://app.datadoghq.com/monitors/7?x=1"
        return parse_alert("datadog", json.dumps({"title": title, "date": "1763625600000", "body": body}).encode())[0]

    fired, recovered = report("[P1] [Triggered on {host:a}] Disk"), report("[P1] [Recovered on {host:a}] Disk")
    assert (fired.status, recovered.status) == ("firing", "resolved")
    assert fired.fingerprint == recovered.fingerprint != report("[P1] [Triggered on {host:b}] Disk").fingerprint


def test_a_pagerduty_ping_is_a_test() -> None:
    raw = b'{"event": {"id": "1", "event_type": "pagey.ping", "data": {"message": "Hello", "type": "ping"}}}'
    (incident,) = parse_alert("pagerduty", raw)
    assert incident.is_test


def test_refuses_an_unknown_source() -> None:
    with pytest.raises(IncidentError, match="unknown alert source 'nagios'; use one of sarif, grafana"):
        parse_alert("nagios", b"{}")


@pytest.mark.parametrize("source", [source for source in SOURCES if source != "json"])
@pytest.mark.parametrize("payload", [{}, [], None, 7, "x", {"description": "x"}])
def test_refuses_what_the_source_never_sends(source: str, payload: object) -> None:
    try:
        assert parse_alert(source, json.dumps(payload).encode()) == ()
    except IncidentError as error:
        assert str(error).startswith((source, "payload"))


def test_an_ordinary_incident_file_is_no_alert() -> None:
    assert detect_source({"type": "API_ERROR", "title": "x", "description": "y", "severity": "high"}) is None
    with pytest.raises(IncidentError, match="reports nothing"):
        incidents_from_bytes(b'{"version": "2.1.0", "runs": []}', name="empty.sarif")
