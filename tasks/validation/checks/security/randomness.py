"""Secrets drawn from a generator whose next number can be computed from the last ones."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tasks.models import Level, ValidationIssue
from tasks.validation.change import House
from tasks.validation.source import Source

_DRAWS = re.compile(
    r"(numpy\.)?random\.(random|randint|randrange|choice|choices|sample|getrandbits|uniform|shuffle|randbytes|bytes)$"
)
_SECRET = re.compile(
    r"passw|passphrase|secret|token|session_?id|sessionid|csrf|nonce|salt|api_?key|otp|one_?time|crypto|encryption_?key"
    r"|private_?key|secret_?key|verification_?code|reset_?code|reset_?key|auth|captcha|(^|_)pin(_|$)|cookie|signing",
    re.IGNORECASE,
)
_NOT_SECRET = re.compile(
    r"tokeni[sz]|tokens?_(per|count)|author|max_token|num_token|random_?string_?test", re.IGNORECASE
)
_LETTERS = frozenset(
    {
        "string.ascii_letters",
        "string.ascii_lowercase",
        "string.ascii_uppercase",
        "string.digits",
        "string.hexdigits",
        "string.printable",
    }
)


def check_randomness(source: Source, house: House) -> Iterator[ValidationIssue]:
    severity = "info" if source.is_test else "error"
    for call in source.calls:
        if not _DRAWS.match(source.qualified(call.func)):
            continue
        purpose = _purpose(call, source)
        if purpose:
            message = f"draws {purpose} from the random module, whose numbers can be predicted"
            yield source.issue(Level.SECURITY, "predictable-secret", severity, call, message, "use the secrets module")


def _purpose(call: ast.Call, source: Source) -> str | None:
    """What the number becomes, by the names around it; None when nothing says that it is a secret."""
    function = source.function_around(call)
    names = [function.name] if function is not None else []
    for around in source.ancestors(call):
        if isinstance(around, ast.stmt):
            names += _names_set(around)
            break
        if isinstance(around, ast.keyword) and around.arg:
            names.append(around.arg)
    secret = next((name for name in names if _SECRET.search(name) and not _NOT_SECRET.search(name)), None)
    if secret:
        return f"{secret!r}"
    drawn_from = {source.qualified(node) for item in call.args for node in ast.walk(item)}
    if drawn_from & _LETTERS and source.qualified(call.func).endswith(("choice", "choices", "sample")):
        return "a string of letters and digits"
    return None


def _names_set(statement: ast.stmt) -> list[str]:
    targets: list[ast.expr] = []
    if isinstance(statement, ast.Assign):
        targets = statement.targets
    elif isinstance(statement, ast.AnnAssign | ast.AugAssign):
        targets = [statement.target]
    nodes = (node for target in targets for node in ast.walk(target))
    return [str(getattr(node, "attr", "") or getattr(node, "id", "") or getattr(node, "value", "")) for node in nodes]
