"""Verify the certificate of the peer.

What it does
    Removes `verify=False` (requests, httpx) and `verify_ssl=False` or `ssl=False` (aiohttp), so that the library's
    default, verification, applies again.

Why it matters
    Without verification anybody on the way can read and change what is sent, passwords and tokens included.

Example
    Before: requests.get(url, verify=False)
    After:  requests.get(url)

When it does not apply
    The value is a variable or a path: a bundle of an own certificate authority is the right way to trust one.

Fix safety
    hardening: peers with a self-signed or expired certificate are refused; pass their bundle as `verify=path`.

References
    CWE-295; https://requests.readthedocs.io/en/latest/user/advanced/#ssl-cert-verification
"""

from __future__ import annotations

import libcst as cst

from tasks.generation.codemods.base import Codemod
from tasks.generation.codemods.model import Rule
from tasks.generation.codemods.syntax import keyword, without_argument
from tasks.models import Domain

METHODS = ("get", "post", "put", "delete", "patch", "options", "head", "request", "stream")
CLIENTS = {
    "requests.Session", "requests.session", "httpx.Client", "httpx.AsyncClient", "aiohttp.ClientSession"
}  # fmt: skip
TARGETS = {f"{module}.{name}" for module in ("requests", "httpx", "aiohttp") for name in METHODS} | CLIENTS
TARGETS |= {"aiohttp.TCPConnector"}
FLAGS = ("verify", "verify_ssl", "ssl")


class VerifyCertificates(Codemod):
    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:
        flag = next((f for f in FLAGS if _is_false(keyword(original_node, f))), None)
        if flag is None or not (self.calls(original_node, TARGETS) or self._is_client_call(original_node)):
            return updated_node
        if not self.accept(original_node, f"removed {flag}=False: the peer's certificate is verified again"):
            return updated_node
        given = keyword(updated_node, flag)
        return without_argument(updated_node, given) if given else updated_node

    def _is_client_call(self, call: cst.Call) -> bool:
        func = call.func
        return (
            isinstance(func, cst.Attribute) and func.attr.value in METHODS and bool(self.made_by(func.value) & CLIENTS)
        )

    def leave_Assign(self, original_node: cst.Assign, updated_node: cst.Assign) -> cst.Assign:
        target = original_node.targets[0].target
        is_flag = isinstance(target, cst.Attribute) and target.attr.value == "verify"
        if not is_flag or not isinstance(original_node.value, cst.Name) or original_node.value.value != "False":
            return updated_node
        if not isinstance(target, cst.Attribute) or not self.made_by(target.value) & CLIENTS:
            return updated_node
        if not self.accept(original_node, "verify the certificates of every request of this session"):
            return updated_node
        return updated_node.with_changes(value=cst.Name("True"))


def _is_false(arg: cst.Arg | None) -> bool:
    return arg is not None and isinstance(arg.value, cst.Name) and arg.value.value == "False"


RULE = Rule(
    id="verify_certificates",
    title="Verify the certificate of the peer",
    domain=Domain.SECURITY,
    safety="hardening",
    transformer=VerifyCertificates,
    hints=("verify", "ssl=False"),
    cwe=(295,),
    bandit=("B501",),
    ruff=("S501",),
    codeql=("py/request-without-cert-validation",),
    words=(
        "certificate verification",
        "insecurerequestwarning",
        "man in the middle",
        "unverified https",
        "verify=false",
    ),
)

VALID = (
    "import requests\nrequests.get(url, verify=bundle)\n",
    "import requests\nrequests.get(url, verify=True)\n",
    "def f(check):\n    return check(verify=False)\n",
)
INVALID = (
    (
        "import requests\nrequests.get(url, verify=False, timeout=3)\n",
        "import requests\nrequests.get(url, timeout=3)\n",
    ),
    (
        "import httpx\nclient = httpx.Client(http2=True, verify=False)\n",
        "import httpx\nclient = httpx.Client(http2=True)\n",
    ),
    (
        "import requests\ns = requests.Session()\ns.verify = False\n",
        "import requests\ns = requests.Session()\ns.verify = True\n",
    ),
)
