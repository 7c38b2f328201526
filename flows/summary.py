"""A run as one page of Markdown, for the Prefect UI, a file, or a change's description. Knows nothing of Prefect."""

from __future__ import annotations

import re
from collections.abc import Sequence

from jinja2 import Environment, PackageLoader, StrictUndefined

from tasks.models import Evidence, RemediationResult, Status, Suspect, TestEvidence, ValidationIssue

VERDICTS = {
    Status.FIXED: "Fixed",
    Status.PLAUSIBLE: "Plausible",
    Status.UNFIXED: "Unfixed",
    Status.REFUSED: "Refused",
    Status.FAILED: "Failed",
}
CODE_SPAN = re.compile(r"(`[^`|<>\\]+`)")
MARKDOWN_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~])")


def text(value: object) -> str:
    """Foreign text as plain words: one line, nothing in it acts as markup but plain code spans."""
    parts = CODE_SPAN.split(" ".join(str(value).split()))
    return "".join(part if place % 2 else MARKDOWN_SPECIAL.sub(r"\\\1", part) for place, part in enumerate(parts))


def fenced(value: str, language: str = "") -> str:
    """A code block that its content cannot close."""
    longest = max((len(run) for run in re.findall(r"`+", value)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{value.rstrip()}\n{fence}"


def place(item: Suspect | ValidationIssue) -> str:
    line = f":{item.line}" if item.line else ""
    function = f" {item.function}" if isinstance(item, Suspect) and item.function else ""
    return f"{item.path or '–'}{line}{function}"


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("flows"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,
    )
    environment.filters.update(text=text, cell=text, fenced=fenced, place=place)
    return environment


ENVIRONMENT = _environment()


def summary(result: RemediationResult, commit: str | None = None) -> str:
    """The whole run as one page of Markdown, in the order in which a reviewer asks."""
    kind = result.analysis.issue_type if result.analysis else result.incident.type or "unknown"
    runs = (("before", result.evidence.before), ("after", result.evidence.after))
    return ENVIRONMENT.get_template("summary.md.j2").render(
        result=result,
        verdict=VERDICTS[result.status],
        kind=kind,
        commit=commit[:12] if commit else "–",
        evidence=best_evidence(result),
        runs=[(label, run) for label, run in runs if run],
        test_lines=test_lines(result.evidence),
    )


def best_evidence(result: RemediationResult) -> Sequence[Evidence]:
    hypotheses = result.analysis.hypotheses if result.analysis else ()
    return hypotheses[0].evidence if hypotheses else ()


def test_lines(evidence: TestEvidence) -> list[str]:
    """What changed between the two runs, one sentence each."""
    lines = []
    if evidence.reproducing_test:
        lines.append(f"Reproduced by a new test in {evidence.reproducing_test}.")
    if evidence.fixed_tests:
        lines.append(f"Now passing: {named(evidence.fixed_tests)}.")
    if evidence.broken_tests:
        lines.append(f"Now failing: {named(evidence.broken_tests)}.")
    if evidence.resolved_findings:
        lines.append(f"Findings gone: {named(evidence.resolved_findings)}.")
    if not (evidence.before or evidence.after):
        lines.append("No tests were run.")
    return lines


def named(names: Sequence[str], most: int = 5) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
