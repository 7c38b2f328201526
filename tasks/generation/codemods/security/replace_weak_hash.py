"""Hash secrets with SHA-256.

What it does
    Replaces MD5, SHA-1 and their kin by SHA-256 in `hashlib`, `cryptography` (`hashes.MD5()`), and the `Hash`
    modules of PyCrypto and PyCryptodome.

Why it matters
    Collisions of these hashes are made on a laptop; a signature or token built on one can be forged.

Example
    Before: hashlib.md5(token).hexdigest()
    After:  hashlib.sha256(token).hexdigest()

When it does not apply
    The call says `usedforsecurity=False`, or the algorithm is a variable.

Fix safety
    review: digests change in value and length: stored ones no longer match, and columns may be too short.

References
    CWE-327, CWE-328; https://cheatsheetseries.owasp.org/cheatsheets/Cryptographic_Storage_Cheat_Sheet.html
"""

from __future__ import annotations

import libcst as cst

from tasks.generation.codemods.base import Codemod
from tasks.generation.codemods.model import Rule
from tasks.generation.codemods.syntax import argument, code_of, keyword, string_value, with_value
from tasks.models import Domain

WEAK = ("md2", "md4", "md5", "sha", "sha1")
HASHLIB = {f"hashlib.{name}": "hashlib.sha256" for name in WEAK}
PYCA = "cryptography.hazmat.primitives.hashes"
PYCA_WEAK = {f"{PYCA}.{name}" for name in ("MD5", "SHA1")}
MODULES = {
    f"{package}.Hash.{name}.new": f"{package}.Hash"
    for package in ("Crypto", "Cryptodome")
    for name in ("MD2", "MD4", "MD5", "SHA", "SHA1")
}


class ReplaceWeakHash(Codemod):
    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:
        given = keyword(original_node, "usedforsecurity")
        if given is not None and code_of(given.value) != "True":
            return updated_node
        changed = self._replaced(original_node, updated_node)
        if changed is None or not self.accept(original_node, "replaced a broken hash by SHA-256"):
            return updated_node
        return changed

    def _replaced(self, original: cst.Call, updated: cst.Call) -> cst.Call | None:
        if self.calls(original, HASHLIB):
            return updated.with_changes(func=self.name_for("hashlib.sha256"))
        if self.calls(original, {"hashlib.new"}):
            return self._named(updated)
        if self.calls(original, PYCA_WEAK):
            return updated.with_changes(func=self.name_for(f"{PYCA}.SHA256"))
        module = self.calls(original, MODULES)
        if module is None or not self.wanted(original):
            return None
        name = self.import_name(MODULES[module], "SHA256")
        return updated.with_changes(func=cst.Attribute(name, cst.Name("new")))

    def _named(self, call: cst.Call) -> cst.Call | None:
        name = argument(call, 0, "name")
        text = string_value(name.value) if name is not None else None
        if name is None or text is None or text.lower().replace("-", "") not in WEAK:
            return None
        return with_value(call, name, "'sha256'" if code_of(name.value).startswith("'") else '"sha256"')


RULE = Rule(
    id="replace_weak_hash",
    title="Hash secrets with SHA-256",
    domain=Domain.SECURITY,
    safety="review",
    transformer=ReplaceWeakHash,
    hints=("hashlib", "hashes.", "Hash"),
    cwe=(327, 328, 916),
    bandit=("B324", "B303"),
    ruff=("S324", "S303"),
    codeql=("py/weak-sensitive-data-hashing", "py/weak-cryptographic-algorithm"),
    words=("md5", "sha1", "sha-1", "weak hash", "broken hash"),
)

VALID = (
    """\
import hashlib
hashlib.md5(x, usedforsecurity=False)
""",
    """\
import hashlib
hashlib.new(algorithm)
""",
)
INVALID = (
    (
        """\
import hashlib
hashlib.sha1(token.encode()).hexdigest()
""",
        """\
import hashlib
hashlib.sha256(token.encode()).hexdigest()
""",
    ),
    (
        """\
import hashlib
hashlib.new('md5', data)
""",
        """\
import hashlib
hashlib.new('sha256', data)
""",
    ),
    (
        """\
from cryptography.hazmat.primitives import hashes
h = hashes.SHA1()
""",
        """\
from cryptography.hazmat.primitives import hashes
h = hashes.SHA256()
""",
    ),
    (
        """\
from Crypto.Hash import MD5
MD5.new(x)
""",
        """\
from Crypto.Hash import SHA256
SHA256.new(x)
""",
    ),
)
