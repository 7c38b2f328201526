"""Google Cloud Monitoring and Error Reporting, sent as a webhook or through Pub/Sub."""

from __future__ import annotations

import base64
import binascii
from urllib.parse import parse_qsl, urlencode, urlsplit

from tasks.context.alerts.payload import Node
from tasks.context.alerts.report import Report
from tasks.context.document import decode_utf8, parse_json
from tasks.context.fingerprint import masked
from tasks.context.severity import severity_of
from tasks.context.stacktrace import parse_stack_traces
from tasks.context.stacktrace.found import exception_info
from tasks.context.timestamps import parse_time
from tasks.errors import IncidentError
from tasks.models import Incident

_SERVICE_LABELS = ("service_name", "service", "module_id", "job_name", "container_name")


def without_pubsub(payload: Node) -> Node:
    """The payload inside a Pub/Sub push message; any other payload as it is."""
    message = payload.at("message").value
    data = message.get("data") if isinstance(message, dict) else None
    if not isinstance(data, str):
        return payload
    name = f"{payload.path}.message.data"
    try:
        raw = base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError):
        raise IncidentError(f"{name} is not base64") from None
    return Node(parse_json(decode_utf8(raw, name), name), name)


def looks_like_monitoring(payload: Node) -> bool:
    incident = payload.at("incident").value
    return isinstance(incident, dict) and bool(
        incident.keys() & {"policy_name", "condition_name", "scoping_project_id"}
    )


def looks_like_error_reporting(payload: Node) -> bool:
    return "group_info" in payload.mapping() and bool(payload.mapping().keys() & {"exception_info", "event_info"})


def read_monitoring(payload: Node) -> tuple[Incident, ...]:
    payload = without_pubsub(payload)
    incident = payload.at("incident")
    if not incident:
        raise incident.wrong("an object")
    documentation = incident.at("documentation")
    content = documentation if isinstance(documentation.value, str) else documentation.at("content")
    labels = _monitoring_labels(incident)
    named = [
        incident.at("policy_user_labels", "service"),
        *(incident.at("resource", "labels", key) for key in _SERVICE_LABELS),
    ]
    title = incident.first("policy_name", "condition_name", "summary").raw()
    return (
        Report(
            source="gcp_monitoring",
            title=title,
            fingerprint=incident.at("incident_id").raw(),
            identity=[title, incident.at("condition_name").raw(), *(f"{k}={v}" for k, v in sorted(labels.items()))],
            severity=severity_of(incident.at("severity").value),
            resolved=incident.at("state").raw().strip().lower() == "closed",
            service=next((node.raw() for node in named if node), ""),
            occurred_at=parse_time(incident.at("started_at").value),
            description="\n".join(filter(None, [incident.at("summary").raw(), content.raw()])),
            labels=labels,
            links=[incident.at("url").raw()],
            is_test=payload.at("version").raw() == "test",
        ).incident(),
    )


def _monitoring_labels(incident: Node) -> dict[str, str]:
    parts = [("resource", "labels"), ("metric", "labels"), ("policy_user_labels",)]
    labels = {key: node.raw() for part in parts for key, node in incident.at(*part).fields()}
    named = {
        "condition": incident.at("condition_name").raw(),
        "metric_type": incident.at("metric", "type").raw(),
        "resource_type": incident.at("resource", "type").raw(),
        "observed_value": incident.at("observed_value").raw(),
        "threshold_value": incident.at("threshold_value").raw(),
    }
    return {**labels, **{key: value for key, value in named.items() if value}}


def read_error_reporting(payload: Node) -> tuple[Incident, ...]:
    payload = without_pubsub(payload)
    event, exception = payload.at("event_info"), payload.at("exception_info")
    if not (event or exception):
        raise event.wrong("an object")
    log, kind, message = event.at("log_message").text(), exception.at("type").line(), exception.at("message").text()
    found = parse_stack_traces(log) or ((exception_info(kind, message, ()),) if kind else ())
    labels = {key: event.at(key).raw() for key in ("version", "request_method", "request_url", "response_status")}
    return (
        Report(
            source="error_reporting",
            title=payload.at("subject").raw() or f"{kind}: {message}",
            fingerprint=_group(payload.at("group_info", "detail_link").raw()),
            identity=[payload.at("group_info", "project_id").raw(), event.at("service").raw(), kind, masked(message)],
            service=event.at("service").raw(),
            description="\n".join(dict.fromkeys(filter(None, [f"{kind}: {message}".strip(": "), log]))),
            labels={key: value for key, value in labels.items() if value},
            links=[payload.at("group_info", "detail_link").raw()],
            exceptions=found,
        ).incident(),
    )


def _group(link: str) -> str:
    """The group's link without what differs from one notice of it to the next: campaign and time range."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return link
    project = [(key, value) for key, value in parse_qsl(parts.query) if key == "project"]
    return parts._replace(query=urlencode(project), fragment="").geturl()
