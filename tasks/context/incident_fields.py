"""An incident's own keys, as a person writes them into a file, checked one by one."""

from __future__ import annotations

import difflib
import shlex
from collections.abc import Mapping
from datetime import date, datetime

from tasks.context.display import escaped_key, neutralised, one_line, shortened
from tasks.context.fingerprint import fault_fingerprint, stable_key
from tasks.context.issue_types import parse_issue_type
from tasks.context.severity import parse_severity
from tasks.context.stacktrace import parse_stack_traces
from tasks.context.timestamps import future_note, parse_time
from tasks.errors import IncidentError
from tasks.models import ExceptionInfo, Incident, IssueType, Severity

KEYS = (
    "type",
    "description",
    "severity",
    "title",
    "service",
    "logs",
    "stack_trace",
    "labels",
    "occurred_at",
    "test_command",
    "failing_tests",
    "environment",
    "id",
    "fingerprint",
    "links",
)
_TELLING = ("type", "description", "title", "logs", "stack_trace", "failing_tests", "test_command")
"""One of these at least says what is wrong."""


def incident_from_fields(fields: object, name: str) -> Incident:
    """The incident that a mapping with `KEYS` describes; `name` is what messages call the mapping.

    Raises IncidentError that names the first key or value at fault.
    """
    read = _Fields(fields, name)
    read.check_keys()
    stack_trace, logs, description = read.text("stack_trace"), read.text("logs"), read.text("description")
    exceptions = next(filter(None, map(parse_stack_traces, (stack_trace, logs, description))), ())
    occurred_at = read.time("occurred_at")
    incident = Incident(
        id="",
        title=one_line(read.text("title")) or _title(description, exceptions, read),
        description=shortened(description),
        type=read.issue_type(),
        severity=read.severity(),
        service=one_line(read.text("service")) or None,
        occurred_at=occurred_at,
        logs=shortened(logs),
        stack_trace=shortened(stack_trace),
        exceptions=exceptions,
        labels={escaped_key(key): one_line(value) for key, value in read.mapping("labels").items()},
        links=tuple(one_line(link, 2000) for link in read.texts("links")),
        test_command=read.command("test_command"),
        failing_tests=tuple(read.texts("failing_tests")),
        environment=read.environment(),
        notes=future_note(occurred_at),
    )
    fingerprint = one_line(read.text("fingerprint")) or fault_fingerprint(incident)
    moment = occurred_at.isoformat() if occurred_at else ""
    identity = one_line(read.text("id")) or stable_key(
        "incident", [fingerprint, moment, description, stack_trace, logs]
    )
    return incident.model_copy(update={"id": identity, "fingerprint": fingerprint})


def _title(description: str, exceptions: tuple[ExceptionInfo, ...], read: _Fields) -> str:
    first_line = next((line.strip() for line in description.splitlines() if line.strip()), "")
    if first_line and not first_line.startswith("Traceback"):
        return one_line(first_line, 120)
    if exceptions:
        last = exceptions[-1]
        return one_line(f"{last.type}: {last.message}".strip(": "), 120) or "Stack trace"
    failing = read.texts("failing_tests")
    issue_type = read.issue_type()
    return one_line(f"{failing[0]} fails", 120) if failing else (issue_type.value if issue_type else "Incident")


class _Fields:
    """Typed reading of a mapping's values; null counts as not given."""

    def __init__(self, fields: object, name: str) -> None:
        if not isinstance(fields, Mapping):
            raise IncidentError(f"{name}: expected keys such as type, description and severity, not {_kind(fields)}")
        self._fields = {key: value for key, value in fields.items() if value is not None}
        self._name = name

    def check_keys(self) -> None:
        if self._fields and not any(key in KEYS for key in self._fields) and not self._near_miss():
            keys = ", ".join(KEYS)
            raise IncidentError(
                f"{self._name}: neither an incident (with keys such as {keys}) nor a known alert payload"
            )
        for key in self._fields:
            if key not in KEYS:
                raise self._unknown(key)
        if not any(self._fields.get(key) for key in _TELLING):
            raise IncidentError(f"{self._name}: says nothing about a fault; give at least a 'description'")

    def _near_miss(self) -> bool:
        return any(difflib.get_close_matches(str(key)[:80].lower(), KEYS, n=1) for key in list(self._fields)[:100])

    def _unknown(self, key: object) -> IncidentError:
        close = difflib.get_close_matches(str(key)[:80].lower(), KEYS, n=1)
        hint = f"did you mean {close[0]!r}?" if close else f"known keys: {', '.join(KEYS)}"
        return IncidentError(f"{self._name}: unknown key {str(key)[:80]!r}; {hint}")

    def _wrong(self, key: str, expected: str, value: object) -> IncidentError:
        return IncidentError(f"{self._name}: {key!r} must be {expected}, not {_kind(value)}")

    def text(self, key: str) -> str:
        value = self._fields.get(key, "")
        if isinstance(value, list) and key in ("logs", "stack_trace") and all(isinstance(line, str) for line in value):
            value = "\n".join(value)
        if isinstance(value, int) and not isinstance(value, bool) and key in ("id", "fingerprint"):
            value = str(value)
        if not isinstance(value, str):
            raise self._wrong(key, "text", value)
        return neutralised(value)

    def texts(self, key: str) -> list[str]:
        value = self._fields.get(key, [])
        if isinstance(value, str):
            value = [value]
        if not isinstance(value, list | tuple):
            raise self._wrong(key, "a list of texts", value)
        for item in value:
            if not isinstance(item, str):
                raise self._wrong(key, "a list of texts", item)
        return [one_line(item, 2000) for item in value if item.strip()]

    def mapping(self, key: str) -> dict[str, str]:
        value = self._fields.get(key, {})
        if not isinstance(value, Mapping):
            raise self._wrong(key, "a mapping of names to texts", value)
        return {str(name): self._scalar(f"{key}.{name}", item) for name, item in value.items() if item is not None}

    def _scalar(self, key: str, value: object) -> str:
        if isinstance(value, bool):
            return str(value).lower()
        if isinstance(value, datetime | date):
            return value.isoformat()
        if not isinstance(value, str | int | float):
            raise self._wrong(key, "text", value)
        return str(value)

    def environment(self) -> dict[str, str]:
        """Variables for the tests, kept as given but for what no process can take."""
        variables = self.mapping("environment")
        for name, value in variables.items():
            if not name or "=" in name or "\0" in name or "\0" in value:
                raise IncidentError(f"{self._name}: {name[:80]!r} cannot be an environment variable")
        return variables

    def command(self, key: str) -> tuple[str, ...] | None:
        value = self._fields.get(key)
        if isinstance(value, str):
            value = self._split(key, value)
        if value is None:
            return None
        if not isinstance(value, list | tuple) or not all(isinstance(word, str) for word in value):
            raise self._wrong(key, "a command line or a list of texts", value)
        if not value or not value[0] or any("\0" in word for word in value):
            raise IncidentError(f"{self._name}: {key!r} is not a command that can start")
        return tuple(value)

    def _split(self, key: str, line: str) -> list[str]:
        try:
            return shlex.split(line)
        except ValueError as error:
            raise IncidentError(f"{self._name}: {key!r} cannot be split into words: {str(error).lower()}") from None

    def issue_type(self) -> IssueType | None:
        text = self.text("type")
        try:
            kind = parse_issue_type(text) if text.strip() else IssueType.UNKNOWN
        except IncidentError as error:
            raise IncidentError(f"{self._name}: {error}") from None
        return None if kind is IssueType.UNKNOWN else kind

    def severity(self) -> Severity:
        text = self.text("severity")
        try:
            return parse_severity(text) if text.strip() else Severity.MEDIUM
        except IncidentError as error:
            raise IncidentError(f"{self._name}: {error}") from None

    def time(self, key: str) -> datetime | None:
        value = self._fields.get(key)
        if value is None or value == "":
            return None
        moment = parse_time(value)
        if moment is None:
            raise self._wrong(key, "an ISO 8601 time such as 2026-11-20T08:00:00Z", value)
        return moment


def _kind(value: object) -> str:
    if isinstance(value, str):
        return f"the text {value[:60]!r}"
    if isinstance(value, bool | int | float):
        return f"{value!r}"[:60]
    return {list: "a list", dict: "a mapping", type(None): "nothing"}.get(type(value), f"a {type(value).__name__}")
