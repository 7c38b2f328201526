"""PagerDuty webhooks, version 3."""

from __future__ import annotations

from tasks.context.alerts.payload import Node
from tasks.context.alerts.report import Report
from tasks.context.severity import severity_of
from tasks.context.timestamps import parse_time
from tasks.models import Incident


def looks_like_pagerduty(payload: Node) -> bool:
    event = payload.at("event").value
    return isinstance(event, dict) and "event_type" in event


def read_pagerduty(payload: Node) -> tuple[Incident, ...]:
    """One incident an event. Events about something else than an incident, such as a note, refer to theirs."""
    event = payload.at("event")
    data = event.at("data")
    if not data:
        raise data.wrong("an object")
    if event.at("event_type").raw() == "pagey.ping":
        return (_ping(event, data),)
    subject = data if data.at("type").raw() == "incident" else data.at("incident")
    details = (data.at("content"), data.at("body", "details")) if subject is not data else ()
    return (
        Report(
            source="pagerduty",
            title=subject.first("title", "summary").raw(),
            fingerprint=subject.first("incident_key", "id").raw() or data.at("id").raw(),
            identity=[event.at("id").raw(), subject.first("title", "summary").raw()],
            severity=severity_of(data.at("priority", "summary").value) or severity_of(data.at("urgency").value),
            resolved=data.at("status").raw() == "resolved",
            service=data.at("service", "summary").raw(),
            occurred_at=parse_time(event.at("occurred_at").value),
            description="\n".join([subject.first("title", "summary").raw(), *(node.raw() for node in details)]),
            labels={"event_type": event.at("event_type").raw(), "number": data.at("number").raw()},
            links=[subject.at("html_url").raw(), event.at("client", "url").raw()],
        ).incident(),
    )


def _ping(event: Node, data: Node) -> Incident:
    return Report(
        source="pagerduty",
        title=data.at("message").raw() or "PagerDuty connection test",
        fingerprint=event.at("id").raw(),
        identity=["ping"],
        occurred_at=parse_time(event.at("occurred_at").value),
        is_test=True,
    ).incident()
