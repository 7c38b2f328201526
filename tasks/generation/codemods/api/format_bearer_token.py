"""Write bearer tokens as the header wants them.

What it does
    Repairs the value of an `Authorization` header: `Bearer` gets its blank, and a bare variable named as a token
    gets `Bearer ` before it.

Why it matters
    A header without the scheme or the blank is refused with 401, whatever the token.

Example
    Before: {"Authorization": f"Bearer{token}"}
    After:  {"Authorization": f"Bearer {token}"}

When it does not apply
    The value is a whole literal, computed by a call, or names another scheme.

Fix safety
    hardening: a bare token is taken for a bearer token; services that want it bare exist.

References
    CWE-287; https://www.rfc-editor.org/rfc/rfc6750#section-2.1
"""

from __future__ import annotations

import re

import libcst as cst

from tasks.generation.codemods.base import Codemod
from tasks.generation.codemods.model import Rule
from tasks.generation.codemods.syntax import code_of, dotted, expr, string_value
from tasks.models import Domain

TOKEN = re.compile(r"(access|bearer|oauth|jwt)_?token$", re.IGNORECASE)
BEARER = re.compile(r"^(bearer)$", re.IGNORECASE)


class FormatBearerToken(Codemod):
    def leave_DictElement(self, original_node: cst.DictElement, updated_node: cst.DictElement) -> cst.DictElement:
        if (string_value(original_node.key) or "").lower() != "authorization":
            return updated_node
        fixed = self._fixed(original_node.value)
        if fixed is None or not self.accept(original_node, "wrote the bearer token as the header wants it"):
            return updated_node
        return updated_node.with_changes(value=fixed)

    def leave_Assign(self, original_node: cst.Assign, updated_node: cst.Assign) -> cst.Assign:
        target = original_node.targets[0].target
        index = target.slice[0].slice if isinstance(target, cst.Subscript) and len(target.slice) == 1 else None
        if not isinstance(index, cst.Index) or (string_value(index.value) or "").lower() != "authorization":
            return updated_node
        fixed = self._fixed(original_node.value)
        if fixed is None or not self.accept(original_node, "wrote the bearer token as the header wants it"):
            return updated_node
        return updated_node.with_changes(value=fixed)

    def _fixed(self, value: cst.BaseExpression) -> cst.BaseExpression | None:
        name = dotted(value)
        if name is not None:
            plain = TOKEN.fullmatch(name.rpartition(".")[2]) is not None and not self._has_scheme(value)
            return expr(f'f"Bearer {{{name}}}"') if plain else None
        if isinstance(value, cst.FormattedString) and value.parts:
            first = value.parts[0]
            if isinstance(first, cst.FormattedStringText) and BEARER.match(first.value):
                return value.with_changes(parts=[first.with_changes(value="Bearer "), *value.parts[1:]])
        if isinstance(value, cst.BinaryOperation) and isinstance(value.operator, cst.Add):
            text = string_value(value.left)
            if text is not None and BEARER.match(text):
                quote = code_of(value.left)[0]
                return value.with_changes(left=expr(f"{quote}Bearer {quote}"))
        return None

    def _has_scheme(self, value: cst.BaseExpression) -> bool:
        values = self.values_of(value) or []
        return any("earer" in code_of(v) or "asic" in code_of(v) for v in values)


RULE = Rule(
    id="format_bearer_token",
    title="Write bearer tokens as the header wants them",
    domain=Domain.API,
    safety="hardening",
    transformer=FormatBearerToken,
    hints=("uthorization",),
    cwe=(287,),
    exceptions=("HTTPError", "Unauthorized"),
    words=("401", "unauthorized", "invalid token", "authentication failed", "bearer"),
)

VALID = (
    """\
h = {'Authorization': f'Bearer {token}'}
""",
    """\
h = {'Authorization': make(token)}
""",
    """\
token = f'Bearer {x}'
h = {'Authorization': token}
""",
)
INVALID = (
    (
        """\
h = {'Authorization': f'Bearer{token}', 'A': 'b'}
""",
        """\
h = {'Authorization': f'Bearer {token}', 'A': 'b'}
""",
    ),
    (
        """\
h['Authorization'] = 'Bearer' + self.token
""",
        """\
h['Authorization'] = 'Bearer ' + self.token
""",
    ),
    (
        """\
h = {'Authorization': self.access_token}
""",
        """\
h = {'Authorization': f"Bearer {self.access_token}"}
""",
    ),
)
