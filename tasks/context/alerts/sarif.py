"""SARIF 2.1 reports of static analysis: one incident a result."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from urllib.parse import unquote

from tasks.context.alerts.payload import Node
from tasks.context.alerts.report import Report
from tasks.context.severity import severity_of
from tasks.context.stacktrace.found import MAX_FRAMES, exception_info
from tasks.context.timestamps import parse_time
from tasks.models import CodeLocation, ExceptionInfo, Incident, IssueType, Severity, StackFrame

MAX_RESULTS = 5_000
MAX_RUNS = 500
MAX_PLACES = 20

_NO_FINDING = ("pass", "notApplicable")
_LEVELS = {"error": Severity.HIGH, "warning": Severity.MEDIUM, "note": Severity.LOW, "none": Severity.INFO}
_SCORES = ((9.0, Severity.CRITICAL), (7.0, Severity.HIGH), (4.0, Severity.MEDIUM), (0.0, Severity.LOW))
_ARGUMENT = re.compile(r"\{(\d{1,2})\}")


def looks_like_sarif(payload: Node) -> bool:
    keys = payload.mapping().keys()
    return "runs" in keys and bool(keys & {"version", "$schema"})


def read_sarif(payload: Node) -> tuple[Incident, ...]:
    """The findings of every run in the report's order, at most `MAX_RESULTS`; passed checks are none."""
    reports: list[Report] = []
    for run in payload.at("runs").items(first=MAX_RUNS):
        results = [result for result in run.at("results").items() if result.at("kind").raw() not in _NO_FINDING]
        reports += _Run(run).reports(results[: MAX_RESULTS - len(reports)])
        if len(reports) == MAX_RESULTS and reports:
            reports[0].notes = (f"only the first {MAX_RESULTS:,} results of the report were read",)
            break
    return tuple(report.incident() for report in reports)


@dataclass(frozen=True)
class _Rule:
    """What the report says about a rule in one place, its results in another."""

    id: str
    node: Node

    @property
    def is_security(self) -> bool:
        tags = (tag.raw() for tag in self.node.at("properties", "tags").items())
        return bool(self.node.at("properties", "security-severity")) or "security" in tags

    def severity(self, result: Node) -> Severity | None:
        score = _score(self.node.at("properties", "security-severity"))
        if score is not None:
            return next(severity for least, severity in _SCORES if score >= least)
        level = result.at("level").raw() or self.node.at("defaultConfiguration", "level").raw() or "warning"
        return _LEVELS.get(level) or severity_of(level)


class _Run:
    def __init__(self, run: Node) -> None:
        self._tool = run.at("tool", "driver", "name").line()
        self._extensions = run.at("tool", "extensions").items()
        self._rules = [
            run.at("tool", "driver", "rules").items(),
            *(one.at("rules").items() for one in self._extensions),
        ]
        self._by_id = {rule.at("id").raw(): rule for rules in self._rules for rule in rules}
        self._repository = next(
            (one.at("repositoryUri").raw() for one in run.at("versionControlProvenance").items()), ""
        )
        ends = [parse_time(one.at("endTimeUtc").value) for one in run.at("invocations").items()]
        self._ended = next(filter(None, reversed(ends)), None)
        self._artifacts = [artifact.at("location") for artifact in run.at("artifacts").items()]
        self._keys: Counter[str] = Counter()

    def reports(self, results: list[Node]) -> list[Report]:
        return [self._report(result) for result in results]

    def _report(self, result: Node) -> Report:
        rule, message = self._rule(result), self._message(result)
        places = [self._location(place, rule) for place in result.at("locations").items(first=MAX_PLACES)]
        locations = tuple(place for place in places if place.path)
        detail = rule.node.first("fullDescription.text", "shortDescription.text", "help.text").raw()
        return Report(
            source="sarif",
            title=_title(message, rule),
            fingerprint=self._fingerprint(result, rule, locations, message),
            severity=rule.severity(result),
            resolved=bool(result.at("suppressions")) or result.at("baselineState").raw() == "absent",
            service=self._repository,
            occurred_at=self._ended,
            description="\n".join(dict.fromkeys(filter(None, [message, detail]))),
            labels={key: value for key, value in {"rule_id": rule.id, "tool": self._tool}.items() if value},
            links=[rule.node.at("helpUri").raw(), result.at("hostedViewerUri").raw()],
            exceptions=self._stacks(result),
            locations=locations,
            type=IssueType.SECURITY_ISSUE if rule.is_security else None,
        )

    def _rule(self, result: Node) -> _Rule:
        """The rule by its id, else by its place in the driver or the extension that the result names."""
        own = result.first("ruleId", "rule.id").raw()
        component, index = (
            result.at("rule", "toolComponent", "index").number(),
            result.first("ruleIndex", "rule.index").number(),
        )
        rules = self._rules[0 if component is None else min(component + 1, len(self._rules) - 1)]
        node = rules[index] if index is not None and index < len(rules) else Node(None, result.path)
        if own and node.at("id").raw() != own:
            node = self._by_id.get(own) or self._by_id.get(own.partition("/")[0]) or Node(None, result.path)
        return _Rule(own or node.at("id").raw(), node)

    def _message(self, result: Node) -> str:
        message = result.at("message")
        told = message.first("text", "markdown").raw()
        if not told and message.at("id"):
            told = self._rule(result).node.at("messageStrings", message.at("id").raw(), "text").raw()
        arguments = [argument.raw() for argument in message.at("arguments").items()]
        return _ARGUMENT.sub(lambda found: (*arguments, *[found.group()] * 100)[int(found.group(1))], told)

    def _location(self, place: Node, rule: _Rule) -> CodeLocation:
        physical = place.at("physicalLocation")
        return CodeLocation(
            path=self._uri(physical.at("artifactLocation")),
            line=physical.at("region", "startLine").number(),
            rule_id=rule.id or None,
            tool=self._tool or None,
        )

    def _uri(self, artifact: Node) -> str:
        index = artifact.at("index").number()
        if not artifact.at("uri") and index is not None and index < len(self._artifacts):
            artifact = self._artifacts[index]
        return unquote(artifact.at("uri").line(1_000))

    def _fingerprint(self, result: Node, rule: _Rule, locations: tuple[CodeLocation, ...], message: str) -> str:
        """Rule, path and the tool's own hash, which repeats between files; without one, the line."""
        path, line = (locations[0].path, str(locations[0].line or "")) if locations else ("", message)
        hashes = {
            key: node.raw()
            for part in ("partialFingerprints", "fingerprints")
            for key, node in result.at(part).fields()
        }
        own = hashes.get("primaryLocationLineHash") or next((hashes[key] for key in sorted(hashes)), "")
        key = f"{rule.id}:{path}:{own or line}"
        self._keys[key] += 1
        return key if self._keys[key] == 1 else f"{key}:{line}:{self._keys[key]}"

    def _stacks(self, result: Node) -> tuple[ExceptionInfo, ...]:
        return tuple(
            exception_info(
                "",
                stack.at("message", "text").text(),
                [self._frame(one) for one in stack.at("frames").items(first=MAX_FRAMES)][::-1],
            )
            for stack in result.at("stacks").items(first=MAX_PLACES)
        )

    def _frame(self, frame: Node) -> StackFrame:
        location = frame.at("location")
        logical = location.at("logicalLocations").items()
        return StackFrame(
            path=self._uri(location.at("physicalLocation", "artifactLocation")) or "<unknown>",
            line=location.at("physicalLocation", "region", "startLine").number(),
            function=logical[0].first("fullyQualifiedName", "name").line() or None if logical else None,
        )


def _title(message: str, rule: _Rule) -> str:
    """The message, unless it has several lines (one a data flow); then what the rule says in one."""
    rule_title = rule.node.first("shortDescription.text", "name").raw() or rule.id
    return message if message and "\n" not in message.strip() else rule_title


def _score(node: Node) -> float | None:
    try:
        return max(0.0, float(node.raw()))
    except ValueError:
        return None
