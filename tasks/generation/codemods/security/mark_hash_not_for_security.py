"""Say that a weak hash guards nothing.

What it does
    Adds `usedforsecurity=False` to MD5 and SHA-1 calls of `hashlib` that make cache keys, checksums and the like.

Why it matters
    The flag tells readers, scanners and FIPS builds of OpenSSL, which refuse these hashes otherwise, that no
    secret depends on them.

Example
    Before: hashlib.md5(data)
    After:  hashlib.md5(data, usedforsecurity=False)

When it does not apply
    The code around speaks of passwords, tokens, secrets or signatures (`replace_weak_hash` is for those), or the
    flag is given.

Fix safety
    safe: the digest stays the same; needs Python 3.9.

References
    CWE-327; https://docs.python.org/3/library/hashlib.html#hashlib.new
"""

from __future__ import annotations

import re

import libcst as cst

from tasks.generation.codemods.base import Codemod
from tasks.generation.codemods.model import Rule
from tasks.generation.codemods.syntax import argument, code_of, has_star, keyword, string_value, with_keyword
from tasks.models import Domain

WEAK = ("md4", "md5", "sha", "sha1")
CALLS = {f"hashlib.{name}" for name in WEAK}
SECRETS = re.compile(
    r"passw|secret|token|signature|\bsign|auth|credential|certif|api_?key|private|session", re.IGNORECASE
)


class MarkHashNotForSecurity(Codemod):
    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:
        if has_star(original_node) or keyword(original_node, "usedforsecurity") is not None:
            return updated_node
        if not self._is_weak(original_node) or self._guards_secret(original_node):
            return updated_node
        if not self.accept(original_node, "marked a weak hash as not used for security"):
            return updated_node
        return with_keyword(updated_node, "usedforsecurity", "False")

    def _is_weak(self, call: cst.Call) -> bool:
        if self.calls(call, CALLS):
            return True
        name = argument(call, 0, "name") if self.calls(call, {"hashlib.new"}) else None
        text = string_value(name.value) if name is not None else None
        return text is not None and text.lower().replace("-", "") in WEAK

    def _guards_secret(self, call: cst.Call) -> bool:
        function = self.enclosing_function(call)
        around = function.name.value if function is not None else ""
        return SECRETS.search(f"{around} {code_of(call)}") is not None


RULE = Rule(
    id="mark_hash_not_for_security",
    title="Say that a weak hash guards nothing",
    domain=Domain.SECURITY,
    safety="safe",
    transformer=MarkHashNotForSecurity,
    hints=("hashlib",),
    cwe=(327, 328),
    bandit=("B324",),
    ruff=("S324",),
    exceptions=("UnsupportedDigestmodError",),
    words=("fips", "disabled for fips", "unsupported hash"),
)

VALID = (
    """\
import hashlib
hashlib.sha256(x)
""",
    """\
import hashlib
hashlib.md5(password)
""",
    """\
import hashlib
hashlib.md5(x, usedforsecurity=True)
""",
)
INVALID = (
    (
        """\
import hashlib as h
key = h.md5(url).hexdigest()
""",
        """\
import hashlib as h
key = h.md5(url, usedforsecurity=False).hexdigest()
""",
    ),
    (
        """\
from hashlib import new
new('SHA1', data=x)
""",
        """\
from hashlib import new
new('SHA1', data=x, usedforsecurity=False)
""",
    ),
)
