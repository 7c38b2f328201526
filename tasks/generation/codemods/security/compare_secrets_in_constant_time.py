"""Compare secrets in constant time.

What it does
    Turns `==` and `!=` between a computed digest (`hexdigest()`, `digest()`, `hmac.digest(...)`) and another value,
    or between two values named as signatures, digests or tokens, into `hmac.compare_digest`.

Why it matters
    `==` stops at the first character that differs; its duration tells an attacker how much of a guess is right.

Example
    Before: if mac.hexdigest() == given:
    After:  if hmac.compare_digest(mac.hexdigest(), given):

When it does not apply
    Comparisons with a literal, with None, and chains; names alone in files that make no digests;
    checksums of files (no secret), unless `hmac` made them.

Fix safety
    hardening: equal results for two `bytes` or two ASCII `str`; other mixes raise `TypeError` instead of being unequal.

References
    CWE-208; https://docs.python.org/3/library/hmac.html#hmac.compare_digest
"""

from __future__ import annotations

import re

import libcst as cst

from tasks.generation.codemods.base import Codemod
from tasks.generation.codemods.model import Rule
from tasks.generation.codemods.syntax import dotted, is_literal
from tasks.models import Domain

SECRET_NAME = re.compile(
    r"(^|_)(signature|hmac|mac|auth_token|access_token|csrf_token|api_key|secret|password_hash|session_token)$"
)
DIGESTS = {"digest", "hexdigest"}
HMAC_CALLS = {"hmac.new", "hmac.HMAC", "hmac.digest"}


class CompareSecretsInConstantTime(Codemod):
    def leave_Comparison(self, original_node: cst.Comparison, updated_node: cst.Comparison) -> cst.BaseExpression:
        if len(original_node.comparisons) != 1:
            return updated_node
        operator = original_node.comparisons[0].operator
        left, right = original_node.left, original_node.comparisons[0].comparator
        if not isinstance(operator, cst.Equal | cst.NotEqual) or is_literal(left) or is_literal(right):
            return updated_node
        if not self._are_secrets(left, right):
            return updated_node
        func = self.name_for("hmac.compare_digest")
        if not self.accept(original_node, "compare the secrets in constant time"):
            return updated_node
        call = cst.Call(func, [cst.Arg(updated_node.left), cst.Arg(updated_node.comparisons[0].comparator)])
        if isinstance(operator, cst.Equal):
            return call.with_changes(lpar=updated_node.lpar, rpar=updated_node.rpar)
        return cst.UnaryOperation(cst.Not(), call, lpar=updated_node.lpar, rpar=updated_node.rpar)

    def _are_secrets(self, left: cst.BaseExpression, right: cst.BaseExpression) -> bool:
        if self._is_hmac(left) or self._is_hmac(right):
            return True
        knows_digests = bool(self.imports.packages & {"hmac", "hashlib", "secrets"})
        return knows_digests and _is_secret_name(left) and _is_secret_name(right)

    def _is_hmac(self, node: cst.BaseExpression) -> bool:
        values = self.values_of(node) or [node]
        return all(isinstance(value, cst.Call) and self._makes_hmac(value) for value in values)

    def _makes_hmac(self, call: cst.Call) -> bool:
        if self.calls(call, {"hmac.digest"}):
            return True
        func = call.func
        if not isinstance(func, cst.Attribute) or func.attr.value not in DIGESTS:
            return False
        return bool(self.made_by(func.value) & HMAC_CALLS)


def _is_secret_name(node: cst.BaseExpression) -> bool:
    name = dotted(node)
    return name is not None and SECRET_NAME.search(name.rpartition(".")[2].lower()) is not None


RULE = Rule(
    id="compare_secrets_in_constant_time",
    title="Compare secrets in constant time",
    domain=Domain.SECURITY,
    safety="hardening",
    transformer=CompareSecretsInConstantTime,
    hints=("hmac", "signature", "secret", "token", "api_key", "password_hash", "_mac"),
    cwe=(208, 203, 385),
    codeql=("py/timing-attack-against-hash", "py/timing-attack-sensitive-info"),
    words=("timing attack", "timing-safe", "constant time", "compare_digest", "signature check"),
)

VALID = (
    "if token == 'x':\n    pass\n",
    "import hashlib\nif hashlib.sha256(data).hexdigest() == checksum:\n    pass\n",
    "if mac is None or signature == None:\n    pass\n",
)
INVALID = (
    (
        "import hmac\n\n\ndef check(body, given):\n    mac = hmac.new(KEY, body, 'sha256')\n"
        "    return mac.hexdigest() == given\n",
        "import hmac\n\n\ndef check(body, given):\n    mac = hmac.new(KEY, body, 'sha256')\n"
        "    return hmac.compare_digest(mac.hexdigest(), given)\n",
    ),
    (
        "import hashlib\n\nif signature != good_signature:\n    raise ValueError\n",
        "import hashlib\nimport hmac\n\nif not hmac.compare_digest(signature, good_signature):\n    raise ValueError\n",
    ),
)
