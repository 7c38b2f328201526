"""Import the maintained cryptography package.

What it does
    Turns imports of `Crypto` into imports of `Cryptodome` where the project has PyCryptodomex.

Why it matters
    PyCrypto has had no release since 2013 and has a known buffer overflow (CVE-2013-7459).

Example
    Before: from Crypto.Cipher import AES
    After:  from Cryptodome.Cipher import AES

When it does not apply
    PyCryptodomex is neither imported by the file nor a dependency, or a module that it does not have is imported.

Fix safety
    hardening: the interface is that of PyCrypto, with stricter checks of types and modes.

References
    CWE-1104; https://www.pycryptodome.org/src/vs_pycrypto
"""

from __future__ import annotations

import libcst as cst

from tasks.generation.codemods.base import Codemod
from tasks.generation.codemods.model import Rule
from tasks.generation.codemods.syntax import dotted, expr
from tasks.models import Domain

GONE = {"XOR", "randpool", "winrandom", "AllOrNothing", "Chaffing"}


class UseMaintainedCrypto(Codemod):
    def leave_ImportFrom(self, original_node: cst.ImportFrom, updated_node: cst.ImportFrom) -> cst.ImportFrom:
        module = dotted(original_node.module) if original_node.module is not None else None
        if module is None or original_node.relative or isinstance(original_node.names, cst.ImportStar):
            return updated_node
        if module.split(".")[0] != "Crypto" or not self.has_package("Cryptodome"):
            return updated_node
        names = {alias.evaluated_name for alias in original_node.names}
        if names & GONE or not self.accept(original_node, "import the maintained package"):
            return updated_node
        fresh = expr(module.replace("Crypto", "Cryptodome", 1))
        return updated_node.with_changes(module=fresh)


RULE = Rule(
    id="use_maintained_crypto",
    title="Import the maintained cryptography package",
    domain=Domain.SECURITY,
    safety="hardening",
    transformer=UseMaintainedCrypto,
    hints=("from Crypto",),
    cwe=(1104, 327),
    bandit=("B413",),
    ruff=("S413",),
    words=("pycrypto",),
)

VALID = (
    """\
from Crypto.Cipher import AES
""",
    """\
import Cryptodome
from Crypto.Cipher import XOR
""",
)
INVALID = (
    (
        """\
from Crypto.Cipher import AES as a
from Cryptodome.Hash import SHA256
""",
        """\
from Cryptodome.Cipher import AES as a
from Cryptodome.Hash import SHA256
""",
    ),
)
