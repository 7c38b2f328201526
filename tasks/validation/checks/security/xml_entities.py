"""XML parsers told to fetch or expand what a document names."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tasks.models import ValidationIssue
from tasks.validation.change import House
from tasks.validation.checks.security.call_rules import CallRule, apply_rules, is_literal, keyword, mentions
from tasks.validation.source import Source

_SUGGESTION = "use defusedxml, or XMLParser(resolve_entities=False, no_network=True)"


def _opens_up(call: ast.Call, source: Source) -> bool:
    opened = ("resolve_entities", "load_dtd", "dtd_validation", "huge_tree")
    if any(is_literal(keyword(call, name), True) for name in opened):
        return True
    return is_literal(keyword(call, "no_network"), False)


def _feature_on(call: ast.Call, source: Source) -> bool:
    if len(call.args) < 2 or not is_literal(call.args[1], True, 1):
        return False
    feature = call.args[0]
    named = isinstance(feature, ast.Constant) and "external-" in str(feature.value)
    return named or mentions(feature, "^feature_external_(ges|pes)$")


RULES = (
    CallRule(
        "xml-entities",
        r"lxml\.etree\.(XMLParser|XMLPullParser|iterparse)",
        "lets a document pull in files and addresses",
        _SUGGESTION,
        _opens_up,
    ),
    CallRule(
        "xml-entities", r".*\.setFeature", "lets a document pull in files and addresses", _SUGGESTION, _feature_on
    ),
    CallRule(
        "xml-entities",
        r"lxml\.etree\.XSLTAccessControl",
        "lets a stylesheet read from the network",
        "use XSLTAccessControl.DENY_ALL",
        lambda call, source: is_literal(keyword(call, "read_network"), True),
    ),
    CallRule(
        "xml-entities",
        r"lxml\.etree\.XMLParser",
        "expands entities, which older versions of lxml fetch from files too",
        _SUGGESTION,
        lambda call, source: keyword(call, "resolve_entities") is None,
        severity="warning",
    ),
)


def check_xml_entities(source: Source, house: House) -> Iterator[ValidationIssue]:
    yield from apply_rules(RULES, source)
