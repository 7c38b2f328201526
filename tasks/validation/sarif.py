"""A validation result as SARIF 2.1.0, for code hosts and editors that show findings in place."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

from tasks.models import ValidationIssue, ValidationResult

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}


def to_sarif(result: ValidationResult) -> dict[str, object]:
    """One run: what the change brought as `new` results, what it mended as `absent` ones."""
    issues = (*result.issues, *result.fixed_issues)
    codes = sorted({issue.code for issue in issues})
    index = {code: number for number, code in enumerate(codes)}
    results = [_result(issue, index, "new") for issue in result.issues]
    results += [_result(issue, index, "absent") for issue in result.fixed_issues]
    driver = {"name": "mendflow", "version": _version(), "rules": [_rule(code, issues) for code in codes]}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(code: str, issues: tuple[ValidationIssue, ...]) -> dict[str, object]:
    first = next(issue for issue in issues if issue.code == code)
    rule: dict[str, object] = {"id": code, "properties": {"level": first.level.value}}
    if first.suggestion:
        rule["help"] = {"text": first.suggestion}
    return rule


def _result(issue: ValidationIssue, index: dict[str, int], state: str) -> dict[str, object]:
    found: dict[str, object] = {
        "ruleId": issue.code,
        "ruleIndex": index[issue.code],
        "level": _LEVELS[issue.severity],
        "message": {"text": issue.message},
        "baselineState": state,
    }
    if issue.path:
        place: dict[str, object] = {"artifactLocation": {"uri": issue.path}}
        if issue.line:
            place["region"] = {"startLine": issue.line}
        found["locations"] = [{"physicalLocation": place}]
    return found


def _version() -> str:
    try:
        return version("mendflow")
    except PackageNotFoundError:
        return "0"
