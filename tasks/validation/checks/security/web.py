"""Settings and answers of web applications that give more away than they should."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tasks.models import Level, ValidationIssue
from tasks.validation.change import House
from tasks.validation.checks.security.call_rules import CallRule, apply_rules, is_literal, keyword
from tasks.validation.checks.security.taint import is_route
from tasks.validation.source import Source

_SESSION_COOKIES = ("session", "token", "auth", "jwt", "sid", "remember")


def _session_cookie_open(call: ast.Call, source: Source) -> bool:
    """A cookie that logs someone in, readable by scripts or sent in the clear."""
    if any(item.arg is None for item in call.keywords):
        return False
    name = call.args[0] if call.args else keyword(call, "key")
    if not isinstance(name, ast.Constant) or not any(part in str(name.value).lower() for part in _SESSION_COOKIES):
        return False
    given = [keyword(call, flag) for flag in ("secure", "httponly")]
    return any(flag is None or is_literal(flag, False) for flag in given)


def _allows_every_origin(call: ast.Call, source: Source) -> bool:
    if not is_literal(keyword(call, "allow_credentials") or keyword(call, "supports_credentials"), True):
        return False
    origins = keyword(call, "allow_origins") or keyword(call, "origins")
    return origins is not None and any(
        is_literal(node, "*") for node in ast.walk(origins) if isinstance(node, ast.expr)
    )


RULES = (
    CallRule(
        "open-cookie",
        r".*\.set_cookie",
        "sets a login cookie that scripts can read or that travels in the clear",
        "pass secure=True, httponly=True and samesite",
        _session_cookie_open,
    ),
    CallRule(
        "open-cors",
        r".*\.add_middleware|flask_cors\.CORS|.*CORSMiddleware",
        "lets every site act with the visitor's login",
        "name the origins that may",
        _allows_every_origin,
    ),
    CallRule(
        "csrf-off",
        r"django\.views\.decorators\.csrf\.csrf_exempt",
        "takes requests that another site can forge",
        "leave the check on",
        severity="warning",
    ),
)
_SETTINGS: dict[str, tuple[object, str]] = {
    "WTF_CSRF_ENABLED": (False, "takes requests that another site can forge"),
    "SESSION_COOKIE_SECURE": (False, "sends the session cookie in the clear"),
    "SESSION_COOKIE_HTTPONLY": (False, "lets scripts read the session cookie"),
    "CSRF_COOKIE_SECURE": (False, "sends the CSRF cookie in the clear"),
    "CORS_ORIGIN_ALLOW_ALL": (True, "lets every site read answers"),
    "CORS_ALLOW_ALL_ORIGINS": (True, "lets every site read answers"),
}


def check_web(source: Source, house: House) -> Iterator[ValidationIssue]:
    if source.is_test:
        return
    yield from apply_rules(RULES, source)
    yield from _settings(source)
    for node in source.nodes:
        if isinstance(node, ast.Return) and _tells_internals(node, source):
            message = "sends the stack trace to whoever asked"
            suggestion = "log it, and answer with a plain error"
            yield source.issue(Level.SECURITY, "stack-trace-shown", "error", node, message, suggestion)


def _settings(source: Source) -> Iterator[ValidationIssue]:
    for node in source.nodes:
        if not isinstance(node, ast.Assign):
            continue
        for target in node.targets:
            key = target.slice if isinstance(target, ast.Subscript) else None
            name = key.value if isinstance(key, ast.Constant) else getattr(target, "id", None)
            bad, message = _SETTINGS.get(str(name), (None, ""))
            if message and is_literal(node.value, bad):
                yield source.issue(Level.SECURITY, "open-setting", "error", node, message, "leave the protection on")


def _tells_internals(node: ast.Return, source: Source) -> bool:
    function = source.function_around(node)
    if function is None or not is_route(function):
        return False
    calls = (part for part in ast.walk(node) if isinstance(part, ast.Call))
    return any(source.qualified(call.func).startswith(("traceback.format", "sys.exc_info")) for call in calls)
