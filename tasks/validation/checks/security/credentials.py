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
    r"\b(AKIA|ASIA)[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36,}\b|\bgithub_pat_\w{60,}|\bglpat-[\w-]{20,}\b|\bxox[abprs]-[\w-]{10,}"
    r"|\bsk_live_\w{20,}|\bsk-[A-Za-z0-9_-]{32,}\b|\bAIza[\w-]{35}\b|-----BEGIN (RSA |EC |DSA |OPENSSH |PGP )?PRIVATE KEY"
    r"|\bSG\.[\w-]{20,}\.[\w-]{20,}|\bnpm_[A-Za-z0-9]{36}\b|\bpypi-AgE[\w-]{50,}|\bhf_[A-Za-z0-9]{30,}\b"
)
_IN_ADDRESS = re.compile(r"^[a-z][a-z0-9+]*://[^/\s:@{}%]+:(?P<password>[^/\s@{}%]+)@", re.IGNORECASE)
_NO_SECRET = re.compile(
    r"^$|[\s{}<>()%*$]|^(none|null|true|false|changeme|example|test\w*|dummy\w*|fake\w*|placeholder|x+|\.+|todo|unset|default"
    r"|bearer|basic|oauth2?|jwt|token|password|passwd|secret|key|string|str|text|hidden|header|cookie|authorization|env)$"
    r"|^(your|my|some|an?)[-_]|[-_]?(header|field|name|param|url|uri|path|type|file|env|prompt|label|id)$|^[A-Z][A-Z0-9_]+$|^https?://",
    re.IGNORECASE,
)
_SHOUTED = re.compile(r"^[A-Z][A-Z0-9_]+$")
_SUGGESTION = "read it from the environment or a secret store; if it was ever real, revoke it"
_KEY_LENGTH = 24
"""Letters and digits from which a literal named like a key may be one."""


def check_credentials(source: Source, house: House) -> Iterator[ValidationIssue]:
    for constant in source.nodes:
        if isinstance(constant, ast.Constant) and isinstance(constant.value, str):
            yield from _by_shape(constant, constant.value, source)
    if not source.is_test:
        for name, text, node in _named_literals(source):
            reason = _reason(name, text)
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


def _named_literals(source: Source) -> Iterator[tuple[str, str, ast.Constant]]:
    """String literals with the name that they are set to, passed as, or compared with."""
    for node in source.nodes:
        if isinstance(node, ast.Assign):
            pairs = [(target, node.value) for target in node.targets]
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            pairs = [(node.target, node.value)]
        elif isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Eq):
            pairs = [(node.left, node.comparators[0]), (node.comparators[0], node.left)]
        elif isinstance(node, ast.Dict):
            pairs = [(key, value) for key, value in zip(node.keys, node.values, strict=True) if key is not None]
        elif isinstance(node, ast.keyword) and node.arg:
            pairs = [(ast.Name(node.arg), node.value)]
        else:
            continue
        for target, value in pairs:
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                yield _spelled(target), value.value, value


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


def _reason(name: str, value: str) -> str | None:
    if not _NAME.search(name) or _NO_SECRET.search(value) or len(value) < 4:
        return None
    if value.lower() in name.lower() or name.lower() in value.lower():
        return None
    return f"{name!r} is set to a literal"
