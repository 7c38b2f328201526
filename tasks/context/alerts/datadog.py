"""Datadog monitors. Their webhook sends what its owner typed as template: ours (`TEMPLATE`), the default, others."""

from __future__ import annotations

import re

from tasks.context.alerts.payload import Node
from tasks.context.alerts.report import Report
from tasks.context.severity import severity_of
from tasks.context.timestamps import parse_time
from tasks.errors import IncidentError
from tasks.models import Incident

TEMPLATE = """{
  "id": "$ID",
  "title": "$EVENT_TITLE",
  "body": "$TEXT_ONLY_MSG",
  "date": "$DATE_POSIX",
  "event_type": "$EVENT_TYPE",
  "alert_id": "$ALERT_ID",
  "alert_cycle_key": "$ALERT_CYCLE_KEY",
  "aggreg_key": "$AGGREG_KEY",
  "alert_title": "$ALERT_TITLE",
  "alert_transition": "$ALERT_TRANSITION",
  "alert_priority": "$ALERT_PRIORITY",
  "alert_type": "$ALERT_TYPE",
  "alert_scope": "$ALERT_SCOPE",
  "hostname": "$HOSTNAME",
  "tags": "$TAGS",
  "link": "$LINK"
}"""
"""The payload to paste into Datadog's webhook integration."""

_OWN_KEYS = {
    "alert_cycle_key",
    "aggreg_key",
    "aggregate",
    "alert_transition",
    "transition",
    "last_updated",
    "event_type",
}
_PRIORITY = re.compile(r"^\s*\[(P[1-5])\]", re.IGNORECASE)
_STATE = re.compile(
    r"\[(?:P[1-5]|(?:Re-)?(?:Triggered|Recovered|Warn|No data|Renotify)(?: on (?P<scope>\{[^}\]]*\}))?)\]\s*",
    re.IGNORECASE,
)
_MONITOR = re.compile(r"/monitors[/#]+(\d+)")


def looks_like_datadog(payload: Node) -> bool:
    keys = payload.mapping().keys()
    return "title" in keys and bool(keys & _OWN_KEYS) and bool(keys & {"date", "org", "body", "alert_id", "alert"})


def read_datadog(payload: Node) -> tuple[Incident, ...]:
    tags = _tags(payload.at("tags"))
    title = _given(payload, "title", "alert_title", "incident.incident_title")
    body = _given(payload, "body", "text_only_msg", "text").replace("%%%", "").strip()
    if not (title or body):
        raise IncidentError(f"{payload.path}: neither 'title' nor 'body' is given; add them to the webhook's template")
    transition = _given(payload, "transition", "alert_transition", "alert.alert_transition")
    priority = _PRIORITY.match(title)
    words = [_given(payload, "alert_priority", "alert.alert_priority"), _given(payload, "priority")]
    words += [priority.group(1) if priority else "", _given(payload, "alert_type", "alert.alert_type")]
    return (
        Report(
            source="datadog",
            title=title,
            fingerprint=_given(payload, "alert_cycle_key", "alert.alert_cycle_key")
            or _given(payload, "aggreg_key", "aggregate", "event.aggreg_key"),
            identity=_identity(payload, title, body),
            severity=next(filter(None, map(severity_of, words)), None),
            resolved=transition.lower() == "recovered" or (not transition and "[recovered" in title.lower()),
            service=tags.get("service") or _given(payload, "service"),
            occurred_at=parse_time(_given(payload, "date", "last_updated")),
            description=body,
            labels={**tags, **_labels(payload)},
            links=[_given(payload, "link", "event.event_url", "url")],
        ).incident(),
    )


def _given(payload: Node, *paths: str) -> str:
    """The first of `paths` with a value; a variable that Datadog could not fill in comes as `null` or as its name."""
    for path in paths:
        text = payload.at(*path.split(".")).raw().strip()
        if text and text != "null" and not re.fullmatch(r"\$[A-Z_]+", text):
            return text
    return ""


def _identity(payload: Node, title: str, body: str) -> list[str]:
    """Monitor, group and title without its state: the same for a trigger and its recovery."""
    monitor = _MONITOR.search(body) or _MONITOR.search(_given(payload, "link"))
    scopes = [found.group("scope") or "" for found in _STATE.finditer(title)]
    number = _given(payload, "alert_id", "alert.alert_id") or (monitor.group(1) if monitor else "")
    scope = _given(payload, "alert_scope", "alert.alert_scope", "hostname")
    return [_given(payload, "org.id"), number, scope, *filter(None, scopes), _STATE.sub("", title)]


def _tags(tags: Node) -> dict[str, str]:
    parts = [tag.raw() for tag in tags.items()] if isinstance(tags.value, list) else tags.raw().split(",")
    pairs = (part.strip().partition(":") for part in parts)
    return {key: value for key, colon, value in pairs if colon and key}


def _labels(payload: Node) -> dict[str, str]:
    found = {
        "event_type": _given(payload, "event_type"),
        "scope": _given(payload, "alert_scope", "alert.alert_scope"),
        "hostname": _given(payload, "hostname"),
        "metric": _given(payload, "alert_metric", "alert.alert_metric"),
        "query": _given(payload, "alert_query", "alert.alert_query"),
    }
    return {key: value for key, value in found.items() if value}
