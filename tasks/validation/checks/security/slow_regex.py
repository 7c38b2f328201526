"""Regular expressions that some short input makes run for hours: a repeated group that can match in many ways."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tasks.models import Level, ValidationIssue
from tasks.validation.change import House
from tasks.validation.source import Source

_FUNCTIONS = re.compile(r"(re|regex)\.(compile|search|match|fullmatch|sub|subn|findall|finditer|split)$")
_NESTED = re.compile(
    r"\((\?:|\?P<\w+>)?(?P<inner>(\[[^\]]+\]|\\[wdsWDS.]|\.|\w)[+*])\)[+*]"  # (a+)+
    r"|\((\?:)?(?P<one>\\?[\w.])\|(?P=one)\)[+*]"  # (a|a)*
    r"|\(\.[*+]\)[*+]"
)


def check_slow_regex(source: Source, house: House) -> Iterator[ValidationIssue]:
    for call in source.calls:
        if not _FUNCTIONS.match(source.qualified(call.func)) or not call.args:
            continue
        pattern = call.args[0]
        if isinstance(pattern, ast.Constant) and isinstance(pattern.value, str) and _NESTED.search(pattern.value):
            message = "repeats what repeats already: a short input can keep this pattern busy for hours"
            suggestion = "give each repetition one way to match, or use possessive quantifiers"
            severity = "warning" if source.is_test else "error"
            yield source.issue(Level.SECURITY, "slow-regex", severity, call, message, suggestion)
