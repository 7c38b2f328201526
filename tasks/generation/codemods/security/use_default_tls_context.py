"""Use a TLS context that verifies.

What it does
    Replaces `ssl._create_unverified_context()` by `ssl.create_default_context()`.

Why it matters
    The private function makes a context that accepts any certificate for any host.

Example
    Before: context = ssl._create_unverified_context()
    After:  context = ssl.create_default_context()

When it does not apply
    Calls that pass arguments which the public function does not have.

Fix safety
    hardening: peers with certificates that no installed authority vouches for are refused.

References
    CWE-295; https://docs.python.org/3/library/ssl.html#ssl.create_default_context
"""

from __future__ import annotations

import libcst as cst

from tasks.generation.codemods.base import Codemod
from tasks.generation.codemods.model import Rule
from tasks.models import Domain


class UseDefaultTlsContext(Codemod):
    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:
        if original_node.args or not self.calls(original_node, {"ssl._create_unverified_context"}):
            return updated_node
        func = self.name_for("ssl.create_default_context")
        if not self.accept(original_node, "replaced the unverified TLS context by the default one"):
            return updated_node
        return updated_node.with_changes(func=func)


RULE = Rule(
    id="use_default_tls_context",
    title="Use a TLS context that verifies",
    domain=Domain.SECURITY,
    safety="hardening",
    transformer=UseDefaultTlsContext,
    hints=("_create_unverified_context",),
    cwe=(295,),
    bandit=("B323",),
    ruff=("S323",),
    words=("certificate verification", "man in the middle", "unverified"),
)

VALID = ("import ssl\ncontext = ssl.create_default_context()\n",)
INVALID = (
    (
        "import ssl\ncontext = ssl._create_unverified_context()  # for now\n",
        "import ssl\ncontext = ssl.create_default_context()  # for now\n",
    ),
    (
        "from ssl import _create_unverified_context\nc = _create_unverified_context()\n",
        "import ssl\nc = ssl.create_default_context()\n",
    ),
)
