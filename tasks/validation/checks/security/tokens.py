"""JSON web tokens that are believed without a look at their signature."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tasks.models import ValidationIssue
from tasks.validation.change import House
from tasks.validation.checks.security.call_rules import CallRule, apply_rules, argument, is_literal, keyword
from tasks.validation.source import Source

_VERIFY = "pass the key and algorithms=[...], and let decode() verify the signature"


def _decodes_unverified(call: ast.Call, source: Source) -> bool:
    if is_literal(argument(call, 2, "verify"), False) or is_literal(keyword(call, "verify"), False):
        return True
    options = keyword(call, "options")
    if not isinstance(options, ast.Dict):
        return False
    entries = zip(options.keys, options.values, strict=True)
    return any(is_literal(key, "verify_signature") and is_literal(value, False) for key, value in entries)


def _allows_none(call: ast.Call, source: Source) -> bool:
    chosen = [keyword(call, "algorithms"), keyword(call, "algorithm")]
    return any(is_literal(n, "none", "None", "NONE") for node in chosen if node is not None for n in _constants(node))


def _constants(node: ast.expr) -> Iterator[ast.expr]:
    return (part for part in ast.walk(node) if isinstance(part, ast.Constant))


RULES = (
    CallRule(
        "unverified-token",
        r"(jwt|jose\.jwt|authlib\.jose\.jwt)\.decode",
        "believes a token without verifying it",
        _VERIFY,
        _decodes_unverified,
    ),
    CallRule(
        "unverified-token",
        r"(jwt|jose\.jwt)\.(decode|encode)",
        "allows tokens without a signature",
        _VERIFY,
        _allows_none,
    ),
    CallRule(
        "unverified-token",
        r"python_jwt\.process_jwt",
        "reads a token without verifying it",
        "use python_jwt.verify_jwt",
    ),
    CallRule(
        "unverified-token",
        r"(jose\.)?jwt\.get_unverified_claims|jose\.jws\.get_unverified_claims",
        "reads the claims of a token without verifying it",
        _VERIFY,
        severity="warning",
    ),
)


def check_tokens(source: Source, house: House) -> Iterator[ValidationIssue]:
    yield from apply_rules(RULES, source)
