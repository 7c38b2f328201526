"""Connections that don't check whom they talk to, or that anyone can read."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tasks.models import Level, ValidationIssue
from tasks.validation.change import House
from tasks.validation.checks.security.call_rules import (
    CallRule,
    any_argument_mentions,
    apply_rules,
    is_literal,
    keyword,
    keyword_is,
    mentions,
)
from tasks.validation.source import Source

_VERIFY = "leave certificate verification on; for a private authority pass its bundle"
_OLD_PROTOCOL = r"^(PROTOCOL_(SSLv2|SSLv3|SSLv23|TLSv1|TLSv1_1)|(SSLv2|SSLv3|SSLv23|TLSv1|TLSv1_1)_METHOD)$"

RULES = (
    CallRule(
        "tls-not-verified",
        r"(requests|httpx|.*[sS]ession|.*[cC]lient|aiohttp)\.\w+|httpx\.\w*Client",
        "turns certificate verification off",
        _VERIFY,
        lambda call, source: (
            is_literal(keyword(call, "verify"), False) or is_literal(keyword(call, "verify_ssl"), False)
        ),
    ),
    CallRule(
        "tls-not-verified",
        r"aiohttp\.(TCPConnector|request)|.*[sS]ession\.(get|post|put|delete|patch|head|request|ws_connect)",
        "turns certificate verification off",
        _VERIFY,
        keyword_is("ssl", False),
    ),
    CallRule(
        "tls-not-verified",
        r"ssl\._create_unverified_context|ssl\._create_stdlib_context",
        "makes a context that verifies nothing",
        "use ssl.create_default_context()",
    ),
    CallRule(
        "tls-not-verified",
        r"urllib3\.\w*PoolManager|urllib3\.connection_from_url|urllib3\.HTTPSConnectionPool",
        "turns certificate verification off",
        _VERIFY,
        lambda call, source: (
            is_literal(keyword(call, "cert_reqs"), "CERT_NONE", "NONE")
            or mentions(keyword(call, "cert_reqs"), "^CERT_NONE$")
        ),
    ),
    CallRule(
        "tls-not-verified",
        r".*\.set_verify",
        "turns certificate verification off",
        _VERIFY,
        any_argument_mentions("^VERIFY_NONE$"),
    ),
    CallRule(
        "old-tls",
        r"ssl\.(wrap_socket|SSLContext)|OpenSSL\.SSL\.Context|.*\.SSL\.Context|SSL\.Context",
        "speaks a protocol version that is broken",
        "use ssl.create_default_context(), or PROTOCOL_TLS_CLIENT",
        any_argument_mentions(_OLD_PROTOCOL),
    ),
    CallRule(
        "old-tls",
        r"ssl\.wrap_socket",
        "wraps a socket without checking the host's name; removed in Python 3.12",
        "use ssl.create_default_context().wrap_socket(..., server_hostname=...)",
    ),
    CallRule(
        "tls-not-verified",
        r"OpenSSL\.SSL\.Context",
        "makes an OpenSSL context, which verifies nothing unless set_verify() is called",
        "call set_verify(SSL.VERIFY_PEER, ...), or use the ssl module",
        lambda call, source: not any(isinstance(n, ast.Attribute) and n.attr == "set_verify" for n in source.nodes),
    ),
    CallRule(
        "cleartext-login",
        r".*\.login",
        "sends a password over a connection that anyone on the way can read",
        "use FTP_TLS or SFTP",
        lambda call, source: (
            len(call.args) > 1 and any(o.startswith("ftplib.FTP") and "TLS" not in o for o in _used(source))
        ),
    ),
    CallRule(
        "unknown-host-key",
        r".*\.set_missing_host_key_policy",
        "accepts any host key",
        "use RejectPolicy and known host keys",
        any_argument_mentions("^(AutoAddPolicy|WarningPolicy)$"),
    ),
)


def check_transport(source: Source, house: House) -> Iterator[ValidationIssue]:
    yield from apply_rules(RULES, source)
    for node in source.nodes:
        if isinstance(node, ast.Assign):
            yield from _context_weakened(node, source)


def _context_weakened(node: ast.Assign, source: Source) -> Iterator[ValidationIssue]:
    """`context.check_hostname = False`, `context.verify_mode = ssl.CERT_NONE`, `session.verify = False`."""
    severity = "warning" if source.is_test else "error"
    for target in node.targets:
        if not isinstance(target, ast.Attribute):
            continue
        off = target.attr in {"check_hostname", "verify"} and is_literal(node.value, False)
        if off or (target.attr == "verify_mode" and mentions(node.value, "^CERT_NONE$")):
            if target.attr == "verify" and isinstance(target.value, ast.Name) and target.value.id == "self":
                continue
            message = f"turns certificate verification off ({target.attr})"
            yield source.issue(Level.SECURITY, "tls-not-verified", severity, node, message, _VERIFY)
        elif target.attr == "_create_default_https_context" and mentions(node.value, "unverified"):
            message = "turns certificate verification off for the whole process"
            yield source.issue(Level.SECURITY, "tls-not-verified", severity, node, message, _VERIFY)


def _used(source: Source) -> set[str]:
    return {source.qualified(call.func) for call in source.calls}
