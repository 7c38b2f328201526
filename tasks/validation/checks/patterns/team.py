"""The team's own rules, on the lines that the change wrote."""

from __future__ import annotations

from collections.abc import Iterator

from tasks.models import Level, ValidationIssue
from tasks.validation.change import House
from tasks.validation.source import Source


def check_team_rules(source: Source, house: House) -> Iterator[ValidationIssue]:
    for rule in house.team_rules:
        for line in rule.lines(source):
            yield source.issue(Level.PATTERNS, rule.id, rule.severity, line, rule.message, rule.suggestion)
