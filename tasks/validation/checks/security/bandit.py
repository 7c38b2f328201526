"""Findings of bandit, run in this process: its command line takes over a second to start.

`# nosec` marks are not honoured: a patch must not be able to switch off what judges it.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import cache

from bandit.core.config import BanditConfig
from bandit.core.meta_ast import BanditMetaAst
from bandit.core.metrics import Metrics
from bandit.core.node_visitor import BanditNodeVisitor
from bandit.core.test_set import BanditTestSet

from tasks.models import Level, ValidationIssue
from tasks.validation.change import House
from tasks.validation.checks.security.ratings import Rating, Weight, rate, softer
from tasks.validation.source import Source

_LEFT_OUT = frozenset({"B101"})
"""`assert`: whether it guards or tests is not bandit's to say."""


def check_bandit(source: Source, house: House) -> Iterator[ValidationIssue]:
    if source.tree is None:
        return
    data = source.text.encode()
    # The path is made up: bandit only derives a module name from it, and would look for packages on this machine.
    visitor = BanditNodeVisitor(
        "/repository/module.py", io.BytesIO(data), BanditMetaAst(), _tests(), False, {}, Metrics()
    )
    visitor.generic_visit(source.tree)
    for result in visitor.tester.results:
        if result.test_id in _LEFT_OUT:
            continue
        rating = rate(result.test_id[1:])
        severity = _weight(rating, result, source)
        yield source.issue(Level.SECURITY, result.test_id, severity, result.lineno, result.text, rating.suggestion)


def _weight(rating: Rating, result: object, source: Source) -> Weight:
    """Bandit rates a shell command LOW when it is a literal, and doubts SQL that it knows only by its first word."""
    unsure = getattr(result, "confidence", "") == "LOW" or getattr(result, "severity", "") == "LOW"
    weight: Weight = "warning" if rating.severity == "error" and unsure else rating.severity
    return softer(weight) if source.is_test else weight


@cache
def _tests() -> BanditTestSet:
    return BanditTestSet(BanditConfig(), profile={})
