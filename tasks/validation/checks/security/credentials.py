"""Passwords, keys and tokens that stand in the code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tasks.models import Level, ValidationIssue
from tasks.validation.change import House
from tasks.validation.source import Source

_NAME = re.compile(
    r"(^|_)(passw(or)?d|passwd|pwd|passphrase|secret|token|api_?key|apikey|access_?key|secret_?key|private_?key"
    r"|auth_?key|client_?secret|auth_?token|encryption_?key|signing_?key)s?$",
    re.IGNORECASE,
)
_KNOWN = re.compile(
    r"\b(AKIA|ASIA)[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36,}\b|\bgithub_pat_\w{60,}|\bglpat-[\w-]{20,}\b"
    r"|\bxox[abprs]-[\w-]{10,}"
    r"|\bsk_live_\w{20,}"
    r"|\bsk-[A-Za-z0-9_-]{32,}\b|\bAIza[\w-]{35}\b|-----BEGIN (RSA |EC |DSA |OPENSSH |PGP )?PRIVATE KEY"
    r"|\bSG\.[\w-]{20,}\.[\w-]{20,}|\bnpm_[A-Za-z0-9]{36}\b|\bpypi-AgE[\w-]{50,}|\bhf_[A-Za-z0-9]{30,}\b"
)
_IN_ADDRESS = re.compile(r"^[a-z][a-z0-9+]*://[^/\s:@{}%]+:(?P<password>[^/\s@{}%]+)@", re.IGNORECASE)
_NO_SECRET = re.compile(
    r"^$|[\s{}<>()%*$]|^(none|null|true|false|changeme|example|test\w*|dummy\w*|fake\w*|placeholder|x+|\.+|todo|unset|default"
    r"|bearer|basic|oauth2?|jwt|token|password|passwd|secret|key|string|str|text|hidden|header|cookie|authorization|env)$"
    r"|^(your|my|some|an?)[-_]|[-_]?(header|field|name|param|url|uri|path|type|file|env|prompt|label|id)$|^https?://",
    re.IGNORECASE,
)
_SHOUTED = re.compile(r"^[A-Z][A-Z0-9_]+$")
_SUGGESTION = "read it from the environment or a secret store; if it was ever real, revoke it"


def check_credentials(source: Source, house: House) -> Iterator[ValidationIssue]:
    for constant in source.nodes:
        if isinstance(constant, ast.Constant) and isinstance(constant.value, str):
            yield from _by_shape(constant, constant.value, source)
    if not source.is_test:
        for name, text, how, node in _named_literals(source):
            reason = _reason(name, text, how)
            if reason:
                yield source.issue(Level.SECURITY, "hard-coded-credential", "error", node, reason, _SUGGESTION)


def _by_shape(node: ast.Constant, text: str, source: Source) -> Iterator[ValidationIssue]:
    """Secrets whose form alone gives them away."""
    if _KNOWN.search(text) and not re.search(r"EXAMPLE|example|0{8}|x{8}|X{8}|\.\.\.", text):
        severity = "warning" if source.is_test else "error"
        message = "holds what has the form of a secret key or token"
        yield source.issue(Level.SECURITY, "hard-coded-credential", severity, node, message, _SUGGESTION)
        return
    address = _IN_ADDRESS.match(text)
    if address and not source.is_test and not _NO_SECRET.search(address["password"]) and "example" not in text:
        message = "holds an address with its password"
        yield source.issue(Level.SECURITY, "hard-coded-credential", "error", node, message, _SUGGESTION)


def _named_literals(source: Source) -> Iterator[tuple[str, str, str, ast.Constant]]:
    """String literals with the name that they are set to, passed as, or compared with, and which of these it is."""
    for node in source.nodes:
        for target, value, how in _pairs(node):
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                yield _spelled(target), value.value, how, value


def _pairs(node: ast.AST) -> list[tuple[ast.expr, ast.expr, str]]:
    if isinstance(node, ast.Assign):
        return [(target, node.value, "set") for target in node.targets]
    if isinstance(node, ast.AnnAssign) and node.value is not None:
        return [(node.target, node.value, "set")]
    if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Eq):
        return [(node.left, node.comparators[0], "compared"), (node.comparators[0], node.left, "compared")]
    if isinstance(node, ast.Dict):
        return [(key, value, "set") for key, value in zip(node.keys, node.values, strict=True) if key is not None]
    if isinstance(node, ast.Call):
        given = {item.arg for item in node.keywords}
        how = "connected" if given & {"user", "username"} and given & {"host", "database", "db"} else "set"
        return [(ast.Name(item.arg), item.value, how) for item in node.keywords if item.arg]
    return []


def _spelled(target: ast.expr) -> str:
    if isinstance(target, ast.Attribute):
        return target.attr
    if isinstance(target, ast.Subscript):
        return _spelled(target.slice)
    if isinstance(target, ast.Constant):
        return str(target.value)
    if isinstance(target, ast.Call) and target.args and isinstance(target.func, ast.Attribute):
        return _spelled(target.args[0])
    return target.id if isinstance(target, ast.Name) else ""


def _reason(name: str, value: str, how: str) -> str | None:
    """Why a literal set to, passed as or compared with a name is a credential; None when it hardly is."""
    if not _NAME.search(name) or _NO_SECRET.search(value) or _SHOUTED.match(value) or len(value) < 4:
        return None
    if how == "compared":
        return f"compares {name!r} with a literal"
    is_word = value.isalpha() and value.islower() and how != "connected"
    if is_word or (how != "connected" and _echoes(name, value)):
        return None
    return f"{name!r} is set to a literal"


def _echoes(name: str, value: str) -> bool:
    """`password = "password-field"`: the literal speaks of the name."""
    return value.lower() in name.lower() or name.lower().strip("_") in value.lower()
