"""Alertmanager webhooks, version 4, and Grafana's, which extend the same form."""

from __future__ import annotations

from tasks.context.alerts.payload import Node
from tasks.context.alerts.report import Report
from tasks.context.severity import severity_of
from tasks.context.timestamps import parse_time
from tasks.errors import IncidentError
from tasks.models import Incident

MAX_ALERTS = 5_000

_LINKS = ("generatorURL", "dashboardURL", "panelURL", "silenceURL")
_LINK_ANNOTATIONS = ("runbook_url", "runbook", "dashboard_url", "dashboard")


def looks_like_alertmanager(payload: Node) -> bool:
    keys = payload.mapping().keys()
    return "alerts" in keys and bool(keys & {"groupKey", "groupLabels", "commonLabels", "receiver"})


def looks_like_grafana(payload: Node) -> bool:
    return "alerts" in payload.mapping() and "orgId" in payload.mapping()


def read_alertmanager(payload: Node) -> tuple[Incident, ...]:
    return _read(payload, "alertmanager")


def read_grafana(payload: Node) -> tuple[Incident, ...]:
    return _read(payload, "grafana")


def _read(payload: Node, source: str) -> tuple[Incident, ...]:
    alerts = payload.at("alerts")
    if alerts.value is None:
        raise alerts.wrong("a list")
    if len(alerts.items(first=MAX_ALERTS + 1)) > MAX_ALERTS:
        raise IncidentError(f"{alerts.path}: more than {MAX_ALERTS:,} alerts; group them by more labels")
    return _merged([_read_alert(payload, alert, source) for alert in alerts.items()])


def _read_alert(payload: Node, alert: Node, source: str) -> Incident:
    labels = {key: node.raw() for key, node in [*payload.at("commonLabels").fields(), *alert.at("labels").fields()]}
    group = {key: node.raw() for key, node in payload.at("groupLabels").fields()}
    notes = {
        key: node.raw() for key, node in [*payload.at("commonAnnotations").fields(), *alert.at("annotations").fields()]
    }
    status = alert.at("status").raw() or payload.at("status").raw()
    links = [*(alert.at(key).raw() for key in _LINKS), *(notes.get(key, "") for key in _LINK_ANNOTATIONS)]
    values = alert.first("valueString").raw()
    summary = notes.get("summary") or notes.get("message", "")
    told = (summary, notes.get("description", ""), f"Values: {values}" if values else "")
    return Report(
        source=source,
        title=labels.get("alertname") or group.get("alertname") or summary or payload.at("title").raw(),
        fingerprint=alert.at("fingerprint").raw(),
        identity=[f"{key}={value}" for key, value in sorted({**group, **labels}.items())] or [summary],
        severity=severity_of(labels.get("severity")),
        resolved=status.strip().lower() == "resolved",
        service=labels.get("service") or labels.get("service_name", ""),
        occurred_at=parse_time(alert.at("startsAt").value),
        description="\n".join(text for text in told if text),
        labels=labels,
        links=links,
    ).incident()


def _merged(incidents: list[Incident]) -> tuple[Incident, ...]:
    """One incident a fingerprint: firing if any of its alerts fires, since the earliest start."""
    by_key: dict[str, Incident] = {}
    for incident in incidents:
        known = by_key.setdefault(incident.fingerprint, incident)
        starts = [one for one in (known, incident) if one.occurred_at] or [known]
        earliest = min(starts, key=lambda one: one.occurred_at.timestamp() if one.occurred_at else 0.0)
        status = "firing" if "firing" in (known.status, incident.status) else "resolved"
        by_key[incident.fingerprint] = earliest.model_copy(update={"status": status})
    return tuple(by_key.values())
