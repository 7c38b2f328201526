"""Hash passwords with a modern crypt method.

What it does
    Replaces `METHOD_CRYPT`, `METHOD_MD5` and `METHOD_BLOWFISH` in calls of the `crypt` module by `METHOD_SHA512`.

Why it matters
    DES and MD5 password hashes are cracked at billions of guesses a second.

Example
    Before: crypt.crypt(word, crypt.METHOD_MD5)
    After:  crypt.crypt(word, crypt.METHOD_SHA512)

When it does not apply
    The salt is a variable, or taken from a stored hash to check a password against.

Fix safety
    hardening: new hashes are longer; stored ones still verify, since their salt names their method.

References
    CWE-916; https://docs.python.org/3.12/library/crypt.html
"""

from __future__ import annotations

import libcst as cst

from tasks.generation.codemods.base import Codemod
from tasks.generation.codemods.model import Rule
from tasks.generation.codemods.syntax import with_value
from tasks.models import Domain

CALLS = {"crypt.crypt", "crypt.mksalt"}
WEAK = {"crypt.METHOD_CRYPT", "crypt.METHOD_MD5", "crypt.METHOD_BLOWFISH"}


class StrengthenCryptMethod(Codemod):
    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:
        if not self.calls(original_node, CALLS):
            return updated_node
        weak = [i for i, arg in enumerate(original_node.args) if self.qualified(arg.value) & WEAK]
        if not weak:
            return updated_node
        method = self.name_for("crypt.METHOD_SHA512")
        if not self.accept(original_node, "chose SHA-512 as the password hash"):
            return updated_node
        return with_value(updated_node, updated_node.args[weak[0]], method)


RULE = Rule(
    id="strengthen_crypt_method",
    title="Hash passwords with a modern crypt method",
    domain=Domain.SECURITY,
    safety="hardening",
    transformer=StrengthenCryptMethod,
    hints=("crypt",),
    cwe=(916, 327),
    bandit=("B324",),
    ruff=("S324",),
    codeql=("py/weak-sensitive-data-hashing",),
    words=("password hash",),
)

VALID = (
    """\
import crypt
crypt.crypt(word, stored)
""",
)
INVALID = (
    (
        """\
import crypt
crypt.crypt(word, salt=crypt.METHOD_MD5)
""",
        """\
import crypt
crypt.crypt(word, salt=crypt.METHOD_SHA512)
""",
    ),
)
