"""Make keys long enough.

What it does
    Raises literal RSA and DSA key sizes below 2048 bits to 3072, and replaces elliptic curves below 224 bits by
    P-256, for `cryptography`, PyCrypto and PyCryptodome.

Why it matters
    Short keys can be factored; 1024 bits have been advised against since 2010.

Example
    Before: rsa.generate_private_key(65537, 1024)
    After:  rsa.generate_private_key(65537, 3072)

When it does not apply
    The size is a variable or at least 2048.

Fix safety
    hardening: making a key takes longer, and signatures grow.

References
    CWE-326; https://csrc.nist.gov/pubs/sp/800/57/pt1/r5/final
"""

from __future__ import annotations

import libcst as cst

from tasks.generation.codemods.base import Codemod
from tasks.generation.codemods.model import Rule
from tasks.generation.codemods.syntax import argument, has_star, integer_value, with_value
from tasks.models import Domain

PYCA = "cryptography.hazmat.primitives.asymmetric"
SIZES = {
    f"{PYCA}.rsa.generate_private_key": (1, "key_size"),
    f"{PYCA}.dsa.generate_private_key": (0, "key_size"),
    f"{PYCA}.dsa.generate_parameters": (0, "key_size"),
} | {
    f"{package}.PublicKey.{kind}.generate": (0, "bits")
    for package in ("Crypto", "Cryptodome")
    for kind in ("RSA", "DSA")
}
WEAK_CURVES = {f"{PYCA}.ec.{name}" for name in ("SECT163K1", "SECT163R2", "SECP192R1")}
MINIMUM, CHOSEN = 2048, "3072"


class StrengthenKeySize(Codemod):
    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:
        target = self.calls(original_node, SIZES)
        if target is None or has_star(original_node):
            return updated_node
        size = argument(original_node, *SIZES[target])
        bits = integer_value(size.value) if size is not None else None
        if (
            bits is None
            or bits >= MINIMUM
            or not self.accept(original_node, f"raised a key size of {bits} bits to {CHOSEN}")
        ):
            return updated_node
        given = argument(updated_node, *SIZES[target])
        return with_value(updated_node, given, CHOSEN) if given else updated_node

    def leave_Attribute(self, original_node: cst.Attribute, updated_node: cst.Attribute) -> cst.Attribute:
        if not self.qualified(original_node) & WEAK_CURVES or not isinstance(
            self.parent(original_node), cst.Arg | cst.Call
        ):
            return updated_node
        if not self.accept(original_node, "replaced a short elliptic curve by P-256"):
            return updated_node
        return updated_node.with_changes(attr=cst.Name("SECP256R1"))


RULE = Rule(
    id="strengthen_key_size",
    title="Make keys long enough",
    domain=Domain.SECURITY,
    safety="hardening",
    transformer=StrengthenKeySize,
    hints=("generate",),
    cwe=(326,),
    bandit=("B505",),
    ruff=("S505",),
    codeql=("py/weak-crypto-key",),
    words=("key size", "key length", "weak key"),
)

VALID = (
    """\
from Crypto.PublicKey import RSA
RSA.generate(2048)
""",
    """\
from Crypto.PublicKey import RSA
RSA.generate(bits)
""",
)
INVALID = (
    (
        """\
from Crypto.PublicKey import RSA as r
r.generate(1024)
""",
        """\
from Crypto.PublicKey import RSA as r
r.generate(3072)
""",
    ),
    (
        """\
from cryptography.hazmat.primitives.asymmetric import ec, rsa
rsa.generate_private_key(public_exponent=65537, key_size=512)
ec.generate_private_key(ec.SECT163R2)
""",
        """\
from cryptography.hazmat.primitives.asymmetric import ec, rsa
rsa.generate_private_key(public_exponent=65537, key_size=3072)
ec.generate_private_key(ec.SECP256R1)
""",
    ),
)
