"""What every source's reader fills in, and the incident that comes of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from tasks.context.display import MAX_LINE_CHARS, escaped_key, neutralised, one_line, shortened
from tasks.context.fingerprint import stable_key
from tasks.context.stacktrace import parse_stack_traces
from tasks.context.timestamps import future_note
from tasks.models import CodeLocation, ExceptionInfo, Incident, IssueType, Severity

MAX_LABELS = 100
MAX_DESCRIPTION_CHARS = 50_000
MAX_KEY_CHARS = 1_000


@dataclass
class Report:
    """One alert as its sender told it; texts may still hold anything."""

    source: str
    title: str
    fingerprint: str
    """The sender's own key; empty when it gave none."""
    identity: Iterable[str] = ()
    """What tells this alert from others of the source, where the sender gave no key."""
    severity: Severity | None = None
    resolved: bool = False
    service: str = ""
    occurred_at: datetime | None = None
    description: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    links: Iterable[str] = ()
    exceptions: tuple[ExceptionInfo, ...] = ()
    locations: tuple[CodeLocation, ...] = ()
    type: IssueType | None = None
    is_test: bool = False
    notes: tuple[str, ...] = ()

    def incident(self) -> Incident:
        """The report bounded, made safe to show, and keyed. Without a severity it is medium."""
        fingerprint = self._key()
        description = neutralised(self.description).strip()
        status: Literal["firing", "resolved"] = "resolved" if self.resolved else "firing"
        moment = self.occurred_at.isoformat() if self.occurred_at else ""
        return Incident(
            id=stable_key(self.source, [fingerprint, moment]),
            title=one_line(self.title) or f"Alert from {self.source}",
            description=shortened(description, MAX_DESCRIPTION_CHARS),
            type=self.type,
            severity=self.severity or Severity.MEDIUM,
            status=status,
            service=one_line(self.service) or None,
            source=self.source,
            fingerprint=fingerprint,
            occurred_at=self.occurred_at,
            exceptions=self.exceptions or parse_stack_traces(description),
            locations=self.locations,
            labels=self._labels(),
            links=tuple(dict.fromkeys(_web_links(self.links))),
            is_test=self.is_test,
            notes=(*self.notes, *self._cuts(), *future_note(self.occurred_at)),
        )

    def _key(self) -> str:
        own = one_line(self.fingerprint, MAX_KEY_CHARS + 1)
        if own and len(own) <= MAX_KEY_CHARS:
            return own
        return stable_key(self.source, [self.fingerprint, *self.identity])

    def _labels(self) -> dict[str, str]:
        kept = list(self.labels.items())[:MAX_LABELS]
        return {escaped_key(key): one_line(value) for key, value in kept}

    def _cuts(self) -> tuple[str, ...]:
        long = [key for key, value in self.labels.items() if len(value) > MAX_LINE_CHARS]
        notes = [f"label {one_line(key, 80)!r} was cut from {len(self.labels[key]):,} characters" for key in long[:10]]
        if len(self.labels) > MAX_LABELS:
            notes.append(f"{len(self.labels) - MAX_LABELS} of {len(self.labels)} labels were left out")
        return tuple(notes)


def _web_links(links: Iterable[str]) -> Iterable[str]:
    for link in links:
        line = one_line(link, 2_000)
        if line.startswith(("https://", "http://")):
            yield line
