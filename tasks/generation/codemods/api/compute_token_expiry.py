"""Store when a token expires, not for how long it lasts.

What it does
    Turns `expires_at = data["expires_in"]` into `time.time() + data["expires_in"]`.

Why it matters
    `expires_in` is a number of seconds; compared with the clock it says that the token expired in 1970, so that
    it is fetched again each time, or the other way round never.

Example
    Before: self.expires_at = data["expires_in"]
    After:  self.expires_at = time.time() + data["expires_in"]

When it does not apply
    The sum is made already, or the name is not one of a moment (`expires_at`, `expiry`, `expiration`).

Fix safety
    hardening: only what is stored changes; code that adds the clock later would count it twice.

References
    CWE-613; https://www.rfc-editor.org/rfc/rfc6749#section-5.1
"""

from __future__ import annotations

import re

import libcst as cst

from tasks.generation.codemods.base import Codemod
from tasks.generation.codemods.model import Rule
from tasks.generation.codemods.syntax import code_of, dotted, string_value
from tasks.models import Domain

MOMENT = re.compile(r"(expires_at|expiry|expires_on|expiration|valid_until)$")


class ComputeTokenExpiry(Codemod):
    def leave_Assign(self, original_node: cst.Assign, updated_node: cst.Assign) -> cst.Assign:
        name = dotted(original_node.targets[0].target)
        if name is None or not MOMENT.search(name) or not _is_duration(original_node.value):
            return updated_node
        if re.search(rf"{re.escape(name)}\s*[+-]|[+-]\s*{re.escape(name)}\b", self.module.code):
            return updated_node
        if not self.wanted(original_node):
            return updated_node
        clock = self.name_for("time.time")
        self.accept(original_node, "store when the token expires instead of how long it lasts")
        plus = cst.BinaryOperation(cst.Call(clock), cst.Add(), updated_node.value)
        return updated_node.with_changes(value=plus)


def _is_duration(value: cst.BaseExpression) -> bool:
    if isinstance(value, cst.Call) and code_of(value.func) in ("int", "float") and len(value.args) == 1:
        return _is_duration(value.args[0].value)
    if isinstance(value, cst.Subscript) and len(value.slice) == 1 and isinstance(value.slice[0].slice, cst.Index):
        return string_value(value.slice[0].slice.value) == "expires_in"
    func = value.func if isinstance(value, cst.Call) else None
    is_get = isinstance(func, cst.Attribute) and func.attr.value == "get"
    return (
        is_get
        and isinstance(value, cst.Call)
        and string_value(value.args[0].value if value.args else None) == "expires_in"
    )


RULE = Rule(
    id="compute_token_expiry",
    title="Store when a token expires, not for how long it lasts",
    domain=Domain.API,
    safety="hardening",
    transformer=ComputeTokenExpiry,
    hints=("expires_in",),
    cwe=(613,),
    exceptions=("Unauthorized", "TokenExpiredError", "HTTPError"),
    words=("401", "token expired", "expired token", "token refresh", "unauthorized"),
)

VALID = (
    """\
import time
expires_at = time.time() + data['expires_in']
""",
    """\
lifetime = data['expires_in']
""",
)
INVALID = (
    (
        """\
import time


class C:
    def load(self, data):
        self.expires_at = int(data['expires_in'])
""",
        """\
import time


class C:
    def load(self, data):
        self.expires_at = time.time() + int(data['expires_in'])
""",
    ),
)
