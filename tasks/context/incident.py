"""What went wrong, as an `Incident`: from an incident file, an alert payload, a SARIF report or a plain mapping."""

from __future__ import annotations

import logging
import sys
from collections.abc import Mapping
from pathlib import Path

from tasks.context.alerts import detect_source, incidents_from_payload
from tasks.context.document import parse_document
from tasks.context.fingerprint import MASK_VERSION, masked
from tasks.context.incident_fields import incident_from_fields
from tasks.context.redaction import redacted_model
from tasks.context.severity import MOST_SEVERE_FIRST
from tasks.errors import IncidentError
from tasks.models import Incident

__all__ = ["MASK_VERSION", "incident_from_context", "incidents_from_bytes", "masked", "read_incident"]

MAX_FILE_BYTES = 64 * 1024 * 1024

_log = logging.getLogger(__name__)


def read_incident(source: Path | None, text: bytes | None = None) -> Incident:
    """The incident in the file `source`, or in `text`; standard input when both are None.

    Of a payload with several incidents, the most severe one that fires; its `notes` name the others. Raises
    IncidentError of one line when nothing usable is there.
    """
    name = str(source) if source is not None else "standard input"
    if text is None:
        text = _read_file(source) if source is not None else sys.stdin.buffer.read(MAX_FILE_BYTES + 1)
    incidents = incidents_from_bytes(text, name=name)
    chosen = min(incidents, key=lambda one: (one.status != "firing", MOST_SEVERE_FIRST.index(one.severity)))
    others = [one for one in incidents if one is not chosen]
    chosen = without_secrets(chosen)
    if not others:
        return chosen
    _log.info("chose incident %s of %d in the payload", chosen.id, len(incidents))
    note = f"one of {len(incidents)} incidents in {name}; left aside: {_named(others)}"
    return chosen.model_copy(update={"notes": (*chosen.notes, note)})


def incidents_from_bytes(raw: bytes, *, name: str, source: str | None = None) -> tuple[Incident, ...]:
    """Every incident in `raw`, in its order, at least one; the alert format is detected unless `source` names it.

    Raises IncidentError.
    """
    if len(raw) > MAX_FILE_BYTES:
        raise IncidentError(f"{name}: larger than {MAX_FILE_BYTES:,} bytes; cut its logs to what surrounds the failure")
    payload = parse_document(raw, name)
    if source is None and isinstance(payload, dict):
        source = detect_source(payload)
    incidents = incidents_from_payload(source or "json", payload, name)
    if not incidents:
        raise IncidentError(f"{name}: the {source} payload reports nothing (no alerts or results in it)")
    return incidents


def incident_from_context(context: Mapping[str, object]) -> Incident:
    """The incident of a call such as `{"type": "API_ERROR", "description": "...", "severity": "HIGH"}`."""
    return without_secrets(incident_from_fields(context, "issue_context"))


def without_secrets(incident: Incident) -> Incident:
    """The incident with its text redacted. `environment` stays: the tests need its values, and nothing prints them."""
    return redacted_model(incident).model_copy(update={"environment": incident.environment})


def _read_file(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise IncidentError(f"{path}: a directory, not an incident file")
        if path.stat().st_size > MAX_FILE_BYTES:
            raise IncidentError(
                f"{path}: larger than {MAX_FILE_BYTES:,} bytes; cut its logs to what surrounds the failure"
            )
        return path.read_bytes()
    except FileNotFoundError:
        raise IncidentError(f"{path}: no such file") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not a usable path"
        raise IncidentError(f"{path}: cannot be read ({reason})") from None


def _named(incidents: list[Incident], shown: int = 5) -> str:
    names = [f"{one.title!r} ({one.severity}, {one.status})" for one in incidents[:shown]]
    return ", ".join(names) + (f" and {len(incidents) - shown} more" if len(incidents) > shown else "")
