"""OpsGenie webhooks."""

from __future__ import annotations

from tasks.context.alerts.payload import Node
from tasks.context.alerts.report import Report
from tasks.context.severity import severity_of
from tasks.context.timestamps import parse_time
from tasks.models import Incident


def looks_like_opsgenie(payload: Node) -> bool:
    alert = payload.at("alert").value
    return isinstance(alert, dict) and "alertId" in alert


def read_opsgenie(payload: Node) -> tuple[Incident, ...]:
    alert = payload.at("alert")
    if not alert:
        raise alert.wrong("an object")
    key, alias = alert.at("alertId").raw(), alert.at("alias").raw().strip()
    priority = alert.at("priority").raw().strip()
    details = {name: node.raw() for name, node in alert.at("details").fields()}
    tags = ", ".join(tag.raw() for tag in alert.at("tags").items())
    named = {"tags": tags, "entity": alert.at("entity").raw(), "action": payload.at("action").raw()}
    return (
        Report(
            source="opsgenie",
            title=alert.at("message").raw() or f"OpsGenie alert {alert.first('tinyId', 'alertId').raw()}",
            # A dash stands for no alias; as a key it would merge every alert of the integration.
            fingerprint=alias if alias.strip("-") else key,
            identity=[payload.at("integrationId").raw(), alert.at("message").raw()],
            severity=severity_of(f"P{priority}" if priority.isdigit() else priority),
            resolved=payload.at("action").raw() in ("Close", "Delete"),
            service=details.get("service", ""),
            occurred_at=parse_time(alert.at("createdAt").value),
            description="\n".join(filter(None, [alert.at("message").raw(), alert.at("description").raw()])),
            labels={**details, **{name: value for name, value in named.items() if value}},
            links=details.values(),
        ).incident(),
    )
