"""GitHub's code scanning and Dependabot alerts."""

from __future__ import annotations

from dataclasses import replace

from tasks.context.alerts.payload import Node
from tasks.context.alerts.report import Report
from tasks.context.severity import severity_of
from tasks.context.timestamps import parse_time
from tasks.models import CodeLocation, Incident, IssueType


def looks_like_code_scanning(payload: Node) -> bool:
    alert = payload.at("alert").value
    return isinstance(alert, dict) and "rule" in alert and "tool" in alert


def looks_like_dependabot(payload: Node) -> bool:
    alert = payload.at("alert").value
    return isinstance(alert, dict) and "security_advisory" in alert


def read_code_scanning(payload: Node) -> tuple[Incident, ...]:
    alert = payload.at("alert")
    rule, tool = alert.at("rule"), alert.at("tool", "name").line()
    if not rule:
        raise rule.wrong("an object")
    instances = [alert.at("most_recent_instance"), *alert.at("instances").items()]
    found = next((instance for instance in instances if instance.at("location", "path")), None)
    rule_id = rule.at("id").line()
    told = [rule.at("description"), rule.at("full_description"), *([found.at("message", "text")] if found else [])]
    location = _location(found.at("location"), "path", "start_line", rule_id, tool) if found else None
    report = replace(
        _report(payload, "github_code_scanning"),
        title=rule.first("description", "name", "id").raw(),
        severity=severity_of(rule.at("security_severity_level").value) or severity_of(rule.at("severity").value),
        description="\n".join(dict.fromkeys(filter(None, (node.raw() for node in told)))),
        labels=_filled({"rule_id": rule_id, "tool": tool, "ref": payload.at("ref").raw()}),
        locations=(location,) if location else (),
        type=IssueType.SECURITY_ISSUE if rule.at("security_severity_level") else None,
    )
    return (report.incident(),)


def read_dependabot(payload: Node) -> tuple[Incident, ...]:
    alert = payload.at("alert")
    advisory, vulnerability = alert.at("security_advisory"), alert.at("security_vulnerability")
    if not advisory:
        raise advisory.wrong("an object")
    rule_id, dependency = advisory.at("ghsa_id").line(), alert.at("dependency")
    labels = {
        "rule_id": rule_id,
        "tool": "Dependabot",
        "cve": advisory.at("cve_id").raw(),
        "package": vulnerability.at("package", "name").raw(),
        "vulnerable": vulnerability.at("vulnerable_version_range").raw(),
        "patched": vulnerability.at("first_patched_version", "identifier").raw(),
    }
    manifest = dependency.at("manifest_path")
    report = replace(
        _report(payload, "github_dependabot"),
        title=advisory.first("summary", "ghsa_id").raw(),
        severity=severity_of(vulnerability.at("severity").value) or severity_of(advisory.at("severity").value),
        description="\n".join(filter(None, [advisory.at("summary").raw(), advisory.at("description").raw()])),
        labels=_filled(labels),
        locations=(_location(dependency, "manifest_path", None, rule_id, "Dependabot"),) if manifest else (),
        type=IssueType.SECURITY_ISSUE,
    )
    return (report.incident(),)


def _report(payload: Node, source: str) -> Report:
    """What both kinds of alert share."""
    alert, repository = payload.at("alert"), payload.at("repository", "full_name").raw()
    state = alert.at("state").raw()
    return Report(
        source=source,
        title="",
        fingerprint=alert.at("html_url").raw(),
        identity=[repository, alert.at("number").raw()],
        resolved=state != "open" if state else payload.at("action").raw() in ("fixed", "dismissed", "closed_by_user"),
        service=repository,
        occurred_at=parse_time(alert.at("created_at").value),
        links=[alert.at("html_url").raw()],
    )


def _location(place: Node, path: str, line: str | None, rule_id: str, tool: str) -> CodeLocation:
    number = place.at(line).number() if line else None
    return CodeLocation(path=place.at(path).line(1_000), line=number, rule_id=rule_id or None, tool=tool or None)


def _filled(labels: dict[str, str]) -> dict[str, str]:
    return {key: value for key, value in labels.items() if value}
