"""Which codemods an incident points at, how exactly, and in which files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tasks.generation.codemods.findings import cwes_in, rules_for_cwes, rules_for_finding
from tasks.generation.codemods.model import Rule
from tasks.models import CodeLocation, Domain, GenerationTask, Incident

NAMED_AT_LINE = 0.9
NAMED_IN_FILE = 0.75
NAMED = 0.6
EXCEPTION_AND_WORDS = 0.45
EXCEPTION_ONLY = 0.3
WORDS_ONLY = 0.3
DOMAIN_ONLY = 0.12
GUESS = 0.05
"""How likely a maintainer would take the patch, by what speaks for the rule; hand-set, below 0.5 unless it is named."""


@dataclass(frozen=True)
class Choice:
    """One rule to try, where, and how much speaks for it."""

    rule: Rule
    confidence: float
    reason: str
    path: str | None = None
    """None: in the suspects' files, or everywhere when a finding came without a place."""
    line: int | None = None
    finding: str | None = None


def choose_rules(task: GenerationTask, rules: Mapping[str, Rule], *, provable: bool = False) -> list[Choice]:
    """The rules that the incident speaks for, surest first; rules that need review only where something names them.

    `provable` means that tests will tell: then every other rule is worth a try as well.
    """
    named = _named(task.incident, rules.values())
    taken = {choice.rule.id for choice in named}
    hinted = [choice for rule in rules.values() if rule.id not in taken and (choice := _hinted(task, rule))]
    taken |= {choice.rule.id for choice in hinted}
    guesses = [Choice(r, GUESS, "the failing tests can tell") for r in rules.values() if provable and r.id not in taken]
    return sorted([*named, *hinted, *guesses], key=lambda choice: -choice.confidence)


def _named(incident: Incident, rules: Iterable[Rule]) -> list[Choice]:
    rules = list(rules)
    choices = [choice for location in incident.locations for choice in _for_location(location, rules)]
    cwes = cwes_in(" ".join([incident.title, incident.description, *incident.labels.values()]))
    taken = {choice.rule.id for choice in choices}
    stated = [rule for rule in rules_for_cwes(cwes, rules) if rule.id not in taken]
    return [*choices, *(Choice(rule, NAMED, f"the incident names {_names(cwes)}") for rule in stated)]


def _for_location(location: CodeLocation, rules: list[Rule]) -> list[Choice]:
    if location.rule_id is None:
        return []
    found = rules_for_finding(location.rule_id, rules)
    confidence = NAMED if not location.path else NAMED_AT_LINE if location.line else NAMED_IN_FILE
    reason = f"{location.tool or 'a scanner'} reported {location.rule_id}"
    place = (location.path or None, location.line)
    return [
        Choice(rule, confidence - (0.1 if rule.safety == "review" else 0.0), reason, *place, location.rule_id)
        for rule in found
    ]


def _names(cwes: set[int]) -> str:
    return ", ".join(f"CWE-{number}" for number in sorted(cwes))


def _hinted(task: GenerationTask, rule: Rule) -> Choice | None:
    exceptions = {item.type.rpartition(".")[2] for item in task.incident.exceptions}
    raised = sorted(exceptions & set(rule.exceptions))
    words = _words_of(task.incident, rule)
    if raised and words:
        return Choice(rule, EXCEPTION_AND_WORDS, f"{raised[0]} was raised and the report says {words[0]!r}")
    if raised:
        return Choice(rule, EXCEPTION_ONLY, f"{raised[0]} was raised")
    if words:
        return Choice(rule, WORDS_ONLY, f"the report says {words[0]!r}")
    if rule.domain is task.analysis.domain is not Domain.GENERAL and rule.safety != "review":
        return Choice(rule, DOMAIN_ONLY, f"the incident is about {rule.domain.value}")
    return None


def _words_of(incident: Incident, rule: Rule) -> list[str]:
    text = " ".join([incident.title, incident.description, incident.logs[-4000:]])
    text += " ".join(item.message for item in incident.exceptions)
    lowered = text.lower()
    return [word for word in rule.words if re.search(rf"(?<!\w){re.escape(word)}", lowered)]
