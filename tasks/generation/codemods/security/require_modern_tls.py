"""Require TLS 1.2.

What it does
    Replaces SSL 2, SSL 3, TLS 1.0 and 1.1 constants of `ssl` and pyOpenSSL by those of TLS 1.2 where they are
    passed as an argument, a default or a minimum version, and gives `ssl.wrap_socket()` a version.

Why it matters
    The old protocols have known breaks (POODLE, BEAST) and are refused by current peers and libraries.

Example
    Before: ssl.SSLContext(ssl.PROTOCOL_TLSv1)
    After:  ssl.SSLContext(ssl.PROTOCOL_TLSv1_2)

When it does not apply
    The constant is compared or stored, as code does that lists what a peer offers.

Fix safety
    hardening: peers that speak nothing newer are refused.

References
    CWE-326, CWE-327; https://www.rfc-editor.org/rfc/rfc8996
"""

from __future__ import annotations

import re

import libcst as cst

from tasks.generation.codemods.base import Codemod
from tasks.generation.codemods.model import Rule
from tasks.generation.codemods.syntax import has_star, keyword, positional, with_keyword
from tasks.models import Domain

OLD = re.compile(
    r"^(?P<module>ssl|(?:OpenSSL|pyOpenSSL)\.SSL)\."
    r"(?:PROTOCOL_(?:SSLv2|SSLv3|TLSv1|TLSv1_1)|(?:SSLv2|SSLv3|SSLv23|TLSv1|TLSv1_1)_METHOD|TLSVersion\.(?:SSLv3|TLSv1|TLSv1_1))$"
)
NEW = {"PROTOCOL": "PROTOCOL_TLSv1_2", "METHOD": "TLSv1_2_METHOD", "TLSVersion": "TLSv1_2"}


class RequireModernTls(Codemod):
    def leave_Attribute(self, original_node: cst.Attribute, updated_node: cst.Attribute) -> cst.Attribute:
        old = next((name for name in self.qualified(original_node) if OLD.match(name)), None)
        if old is None or not self._is_chosen(original_node):
            return updated_node
        if not self.accept(original_node, "require TLS 1.2 instead of a broken protocol version"):
            return updated_node
        new = next(value for part, value in NEW.items() if part in old)
        return updated_node.with_changes(attr=cst.Name(new))

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:
        if has_star(original_node) or keyword(original_node, "ssl_version") is not None:
            return updated_node
        if not self.calls(original_node, {"ssl.wrap_socket"}) or len(positional(original_node)) > 5:
            return updated_node
        version = self.name_for("ssl.PROTOCOL_TLSv1_2")
        if not self.accept(original_node, "named the TLS version of a socket"):
            return updated_node
        return with_keyword(updated_node, "ssl_version", version)

    def _is_chosen(self, node: cst.Attribute) -> bool:
        above = self.parent(node)
        if isinstance(above, cst.Arg | cst.Param):
            return True
        target = above.targets[0].target if isinstance(above, cst.Assign) else None
        return isinstance(target, cst.Attribute) and target.attr.value == "minimum_version"


RULE = Rule(
    id="require_modern_tls",
    title="Require TLS 1.2",
    domain=Domain.SECURITY,
    safety="hardening",
    transformer=RequireModernTls,
    hints=("SSLv", "PROTOCOL_TLSv1", "TLSv1_", "wrap_socket", "TLSVersion"),
    cwe=(326, 327),
    bandit=("B502", "B503", "B504"),
    ruff=("S502", "S503", "S504"),
    codeql=("py/insecure-protocol", "py/insecure-default-protocol"),
    exceptions=("SSLError",),
    words=("unsupported protocol", "tlsv1 alert", "wrong version number", "protocol version"),
)

VALID = (
    """\
import ssl
if version == ssl.PROTOCOL_TLSv1:
    pass
""",
    """\
import ssl
ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
""",
)
INVALID = (
    (
        """\
import ssl
c = ssl.SSLContext(ssl.PROTOCOL_SSLv3)
""",
        """\
import ssl
c = ssl.SSLContext(ssl.PROTOCOL_TLSv1_2)
""",
    ),
    (
        """\
from OpenSSL import SSL


def f(method=SSL.SSLv23_METHOD):
    pass
""",
        """\
from OpenSSL import SSL


def f(method=SSL.TLSv1_2_METHOD):
    pass
""",
    ),
    (
        """\
import ssl
ctx.minimum_version = ssl.TLSVersion.TLSv1
""",
        """\
import ssl
ctx.minimum_version = ssl.TLSVersion.TLSv1_2
""",
    ),
    (
        """\
import ssl
ssl.wrap_socket(sock)
""",
        """\
import ssl
ssl.wrap_socket(sock, ssl_version=ssl.PROTOCOL_TLSv1_2)
""",
    ),
)
