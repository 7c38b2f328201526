"""Rules about a call and its arguments alone: what tables in the files beside this one are made of."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from tasks.models import Level, ValidationIssue
from tasks.validation.source import Source

Condition = Callable[[ast.Call, Source], bool]


@dataclass(frozen=True)
class CallRule:
    code: str
    calls: str
    """A pattern for the whole qualified name, imports resolved."""
    message: str
    suggestion: str
    when: Condition = lambda call, source: True
    severity: Literal["error", "warning", "info"] = "error"


def apply_rules(rules: Iterable[CallRule], source: Source) -> Iterator[ValidationIssue]:
    compiled = [(re.compile(rule.calls), rule) for rule in rules]
    for call in source.calls:
        name = source.qualified(call.func) or _method_name(call.func)
        for pattern, rule in compiled:
            if name and pattern.fullmatch(name) and rule.when(call, source):
                severity = "warning" if source.is_test and rule.severity == "error" else rule.severity
                yield source.issue(Level.SECURITY, rule.code, severity, call, rule.message, rule.suggestion)


def _method_name(function: ast.expr) -> str:
    return f"?.{function.attr}" if isinstance(function, ast.Attribute) else ""


def keyword(call: ast.Call, name: str) -> ast.expr | None:
    return next((item.value for item in call.keywords if item.arg == name), None)


def argument(call: ast.Call, position: int, name: str) -> ast.expr | None:
    """The argument given by position or by name."""
    if position < len(call.args) and not any(isinstance(item, ast.Starred) for item in call.args[: position + 1]):
        return call.args[position]
    return keyword(call, name)


def is_literal(node: ast.expr | None, *values: object) -> bool:
    """Whether `node` is a constant equal to one of `values`, of the same type."""
    return isinstance(node, ast.Constant) and any(type(node.value) is type(v) and node.value == v for v in values)


def keyword_is(name: str, *values: object) -> Condition:
    return lambda call, source: is_literal(keyword(call, name), *values)


def mentions(node: ast.AST | None, pattern: str) -> bool:
    """Whether a name or attribute inside `node` matches."""
    if node is None:
        return False
    found = re.compile(pattern)
    names = (getattr(part, "attr", None) or getattr(part, "id", None) for part in ast.walk(node))
    return any(isinstance(name, str) and found.search(name) for name in names)


def any_argument_mentions(pattern: str) -> Condition:
    return lambda call, source: any(mentions(item, pattern) for item in (*call.args, *(k.value for k in call.keywords)))
