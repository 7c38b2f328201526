"""Alert payloads of the supported senders, turned into incidents."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tasks.context.document import parse_document
from tasks.context.incident_fields import incident_from_fields
from tasks.errors import IncidentError
from tasks.models import Incident

__all__ = ["MAX_PAYLOAD_BYTES", "SOURCES", "detect_source", "incidents_from_payload", "parse_alert"]

MAX_PAYLOAD_BYTES = 5 * 1024 * 1024


def _plain(payload: object, name: str) -> tuple[Incident, ...]:
    return (incident_from_fields(payload, name),)


_READERS: dict[str, Callable[[object, str], tuple[Incident, ...]]] = {
    "json": _plain,
}
SOURCES = tuple(_READERS)


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
    return _READERS[source](payload, name)


def detect_source(payload: Mapping[str, object]) -> str | None:
    """The source whose structure `payload` has; None when it looks like no alert."""
    return None


def _check_source(source: str) -> None:
    if source not in _READERS:
        raise IncidentError(f"unknown alert source {source[:80]!r}; use one of {', '.join(SOURCES)}")
