"""Sentry issue alerts (the `event_alert` hook)."""

from __future__ import annotations

import re
from typing import Literal

from tasks.context.alerts.payload import Node
from tasks.context.alerts.report import MAX_LABELS, Report
from tasks.context.display import one_line
from tasks.context.severity import severity_of
from tasks.context.stacktrace import MAX_EXCEPTIONS
from tasks.context.stacktrace.found import MAX_FRAMES, exception_info
from tasks.context.timestamps import parse_time
from tasks.models import ExceptionInfo, Incident, StackFrame

_PROJECT = re.compile(r"/projects/[^/]+/([^/]+)/")
_ISSUE = re.compile(r"/issues/(\d+)")


def looks_like_sentry(payload: Node) -> bool:
    data = payload.at("data").value
    return isinstance(data, dict) and isinstance(data.get("event"), dict)


def read_sentry(payload: Node) -> tuple[Incident, ...]:
    event = payload.at("data", "event")
    if not event:
        raise event.wrong("the event of an issue alert")
    project = _PROJECT.search(event.at("url").raw())
    issue = _ISSUE.search(event.at("issue_url").raw()) or _ISSUE.search(event.at("web_url").raw())
    title = event.first("title", "message", "logentry.formatted", "culprit").raw()
    told = [event.first("message", "logentry.formatted").raw(), event.at("metadata", "value").raw()]
    culprit = event.at("culprit").raw()
    return (
        Report(
            source="sentry",
            title=title,
            fingerprint=event.at("issue_id").raw() or (issue.group(1) if issue else ""),
            identity=[event.at("project").raw(), title, culprit],
            severity=severity_of(event.at("level").value),
            service=project.group(1) if project else event.at("project").raw(),
            occurred_at=parse_time(event.first("datetime", "timestamp").value),
            description="\n".join(dict.fromkeys([title, *filter(None, told), *([f"in {culprit}"] if culprit else [])])),
            labels={**_tags(event.at("tags")), "platform": event.at("platform").raw()},
            links=[event.at("web_url").raw()],
            exceptions=_exceptions(event),
        ).incident(),
    )


def _tags(tags: Node) -> dict[str, str]:
    pairs = [tag.items() for tag in tags.items(first=MAX_LABELS) if isinstance(tag.value, list)]
    return {pair[0].raw(): pair[1].raw() for pair in pairs if len(pair) == 2}


def _exceptions(event: Node) -> tuple[ExceptionInfo, ...]:
    """Sentry lists causes before what they caused, and frames outermost first, as incidents do."""
    values = event.at("exception", "values").items(last=MAX_EXCEPTIONS)
    return tuple(_exception(value, is_last=value is values[-1]) for value in values)


def _exception(value: Node, is_last: bool) -> ExceptionInfo:
    relation: Literal["raised", "cause", "context"] = "raised"
    if not is_last:
        relation = "context" if value.at("mechanism", "source").raw() == "__context__" else "cause"
    frames = [_frame(frame) for frame in value.at("stacktrace", "frames").items(last=MAX_FRAMES)]
    found = exception_info(value.at("type").line(), value.at("value").text(), frames)
    return found.model_copy(update={"relation": relation})


def _frame(frame: Node) -> StackFrame:
    return StackFrame(
        path=frame.first("filename", "abs_path", "module").line(1_000) or "<unknown>",
        line=frame.at("lineno").number(),
        function=frame.at("function").line() or None,
        code=one_line(frame.at("context_line").raw()) or None,
    )
