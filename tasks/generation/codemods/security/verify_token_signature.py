"""Verify the signature of tokens.

What it does
    In PyJWT's `decode` with a key, removes `verify=False` and turns `verify_signature` on, takes `none` out of
    the algorithms, and names HS256 where verification was off and no algorithm was given.

Why it matters
    Anybody can write a token; only the signature says who did.

Example
    Before: jwt.decode(token, key, options={"verify_signature": False})
    After:  jwt.decode(token, key, options={"verify_signature": True}, algorithms=["HS256"])

When it does not apply
    No key is passed: then the claims are read on purpose, and must not be trusted.

Fix safety
    hardening: tokens with a wrong or missing signature raise `InvalidSignatureError`.

References
    CWE-347; https://pyjwt.readthedocs.io/en/stable/usage.html
"""

from __future__ import annotations

import libcst as cst

from tasks.generation.codemods.base import Codemod
from tasks.generation.codemods.model import Rule
from tasks.generation.codemods.syntax import (
    argument,
    code_of,
    has_star,
    keyword,
    string_value,
    with_keyword,
    with_value,
    without_argument,
)
from tasks.models import Domain


class VerifyTokenSignature(Codemod):
    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:
        if not self.calls(original_node, {"jwt.decode"}) or has_star(original_node):
            return updated_node
        key = argument(original_node, 1, "key")
        if key is None or code_of(key.value) in ("None", "''", '""'):
            return updated_node
        changed = _verified(updated_node)
        if changed is updated_node or not self.accept(original_node, "verify the signature of the token"):
            return updated_node
        return changed


def _verified(call: cst.Call) -> cst.Call:
    changed = call
    flag = keyword(changed, "verify")
    if flag is not None and code_of(flag.value) == "False":
        changed = without_argument(changed, flag)
    options = argument(changed, 3, "options")
    if options is not None and isinstance(options.value, cst.Dict):
        fresh = _with_signature(options.value)
        changed = with_value(changed, options, fresh) if fresh is not None else changed
    algorithms = argument(changed, 2, "algorithms")
    if algorithms is None:
        return with_keyword(changed, "algorithms", '["HS256"]') if changed is not call else call
    return _without_none(changed, algorithms)


def _with_signature(options: cst.Dict) -> cst.Dict | None:
    elements = list(options.elements)
    for index, element in enumerate(elements):
        if not isinstance(element, cst.DictElement) or string_value(element.key) != "verify_signature":
            continue
        if code_of(element.value) == "False":
            elements[index] = element.with_changes(value=cst.Name("True"))
            return options.with_changes(elements=elements)
    return None


def _without_none(call: cst.Call, algorithms: cst.Arg) -> cst.Call:
    if not isinstance(algorithms.value, cst.List):
        return call
    kept = [e for e in algorithms.value.elements if (string_value(e.value) or "").lower() != "none"]
    if len(kept) == len(algorithms.value.elements) or not kept:
        return call
    kept[-1] = kept[-1].with_changes(comma=algorithms.value.elements[-1].comma)
    return with_value(call, algorithms, algorithms.value.with_changes(elements=kept))


RULE = Rule(
    id="verify_token_signature",
    title="Verify the signature of tokens",
    domain=Domain.SECURITY,
    safety="hardening",
    transformer=VerifyTokenSignature,
    hints=("jwt",),
    cwe=(347,),
    codeql=("py/jwt-missing-verification", "py/jwt-empty-secret-or-public-key-verification"),
    exceptions=("InvalidSignatureError",),
    words=("jwt", "token signature", "forged token"),
)

VALID = (
    """\
import jwt
jwt.decode(t, k, algorithms=['HS256'])
""",
    """\
import jwt
jwt.decode(t, options={'verify_signature': False})
""",
)
INVALID = (
    (
        """\
import jwt
c = jwt.decode(t, k, algorithms=['HS256', 'none'])
""",
        """\
import jwt
c = jwt.decode(t, k, algorithms=['HS256'])
""",
    ),
    (
        """\
import jwt
c = jwt.decode(t, key, options={'verify_signature': False})
""",
        """\
import jwt
c = jwt.decode(t, key, options={'verify_signature': True}, algorithms=["HS256"])
""",
    ),
    (
        """\
from jwt import decode
c = decode(t, key, verify=False, algorithms=A)
""",
        """\
from jwt import decode
c = decode(t, key, algorithms=A)
""",
    ),
)
