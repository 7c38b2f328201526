"""Alert payloads of the supported senders, turned into incidents."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from tasks.context.alerts.alertmanager import (
    looks_like_alertmanager,
    looks_like_grafana,
    read_alertmanager,
    read_grafana,
)
from tasks.context.alerts.datadog import looks_like_datadog, read_datadog
from tasks.context.alerts.github import (
    looks_like_code_scanning,
    looks_like_dependabot,
    read_code_scanning,
    read_dependabot,
)
from tasks.context.alerts.google_cloud import (
    looks_like_error_reporting,
    looks_like_monitoring,
    read_error_reporting,
    read_monitoring,
    without_pubsub,
)
from tasks.context.alerts.opsgenie import looks_like_opsgenie, read_opsgenie
from tasks.context.alerts.pagerduty import looks_like_pagerduty, read_pagerduty
from tasks.context.alerts.payload import Node
from tasks.context.alerts.sarif import looks_like_sarif, read_sarif
from tasks.context.alerts.sentry import looks_like_sentry, read_sentry
from tasks.context.document import parse_document
from tasks.context.incident_fields import incident_from_fields
from tasks.errors import IncidentError
from tasks.models import Incident

__all__ = ["MAX_PAYLOAD_BYTES", "SOURCES", "detect_source", "incidents_from_payload", "parse_alert"]

MAX_PAYLOAD_BYTES = 5 * 1024 * 1024


class _Source(NamedTuple):
    matches: Callable[[Node], bool]
    """Whether a payload has the structure that only this source sends."""
    read: Callable[[Node], tuple[Incident, ...]]


# In the order of detection: Grafana extends the form of Alertmanager.
_READERS = {
    "sarif": _Source(looks_like_sarif, read_sarif),
    "grafana": _Source(looks_like_grafana, read_grafana),
    "alertmanager": _Source(looks_like_alertmanager, read_alertmanager),
    "pagerduty": _Source(looks_like_pagerduty, read_pagerduty),
    "sentry": _Source(looks_like_sentry, read_sentry),
    "gcp_monitoring": _Source(looks_like_monitoring, read_monitoring),
    "error_reporting": _Source(looks_like_error_reporting, read_error_reporting),
    "github_dependabot": _Source(looks_like_dependabot, read_dependabot),
    "github_code_scanning": _Source(looks_like_code_scanning, read_code_scanning),
    "opsgenie": _Source(looks_like_opsgenie, read_opsgenie),
    "datadog": _Source(looks_like_datadog, read_datadog),
}
SOURCES = (*_READERS, "json")
"""`json` is an incident file with its own keys."""


def parse_alert(source: str, raw: bytes) -> tuple[Incident, ...]:
    """The incidents in a payload that `source` sent, in its order; empty when it reports nothing.

    Raises IncidentError of one line for an unknown source and for a payload that cannot be read.
    """
    _check_source(source)
    if len(raw) > MAX_PAYLOAD_BYTES:
        raise IncidentError(f"{source}: a payload of {len(raw):,} bytes; at most {MAX_PAYLOAD_BYTES:,} are read")
    return incidents_from_payload(source, parse_document(raw, source), source)


def incidents_from_payload(source: str, payload: object, name: str) -> tuple[Incident, ...]:
    """As `parse_alert`, for a payload already decoded; `name` is what messages call it."""
    _check_source(source)
    if source == "json":
        return (incident_from_fields(payload, name),)
    node = Node(payload, name)
    if not isinstance(payload, dict):
        raise node.wrong("an object")
    return _READERS[source].read(node)


def detect_source(payload: Mapping[str, object]) -> str | None:
    """The source whose structure `payload` has; None when it looks like no alert."""
    try:
        node = without_pubsub(Node(dict(payload), "payload"))
        return next((name for name, source in _READERS.items() if source.matches(node)), None)
    except IncidentError:
        return None


def _check_source(source: str) -> None:
    if source not in SOURCES:
        raise IncidentError(f"unknown alert source {source[:80]!r}; use one of {', '.join(SOURCES)}")
