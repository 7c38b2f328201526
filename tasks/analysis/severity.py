"""How bad an incident is: as reported, unless the report itself says better."""

from __future__ import annotations

import re

from tasks.models import Evidence, Incident, Severity

_MOST_SEVERE_FIRST = tuple(Severity)
_LONGEST_TEXT = 20_000
_IMPACT = re.compile(
    r"data (?:loss|corruption)|corrupted (?:data|rows|records)|lost (?:orders|payments|data|records)"
    r"|(?:full|complete|total) outage|service is down|down for (?:all|every)|(?:all|every) (?:user|customer|request)s? "
    r"(?:is |are )?(?:fail|affected|blocked|locked out|get)|double.?charged|charged twice|actively exploited"
    r"|credentials? (?:leaked|exposed)|remote code execution",
    re.IGNORECASE,
)
_DENIED = re.compile(r"\b(?:no|not|never|without|prevent\w*|avoid\w*)\b[^.\n]{0,20}$", re.IGNORECASE)


def rate_severity(incident: Incident) -> tuple[Severity, tuple[Evidence, ...]]:
    """One step up for stated harm, one step down for a fault that has ended; each change names its evidence."""
    reported = Evidence(kind="label", detail=f"reported as {incident.severity}")
    harm = _stated_harm(f"{incident.title}\n{incident.description}"[:_LONGEST_TEXT])
    if harm and incident.severity is not Severity.CRITICAL:
        raised = _step(incident.severity, -1)
        return raised, (reported, Evidence(kind="words", detail=f"raised to {raised}: the report says {harm!r}"))
    if incident.status == "resolved" and not harm and incident.severity is not Severity.INFO:
        lowered = _step(incident.severity, 1)
        return lowered, (reported, Evidence(kind="label", detail=f"lowered to {lowered}: the alert has resolved"))
    return incident.severity, (reported,)


def _stated_harm(text: str) -> str | None:
    found = (match for match in _IMPACT.finditer(text) if not _DENIED.search(text[: match.start()]))
    return next((match[0].strip() for match in found), None)


def _step(severity: Severity, by: int) -> Severity:
    return _MOST_SEVERE_FIRST[_MOST_SEVERE_FIRST.index(severity) + by]
