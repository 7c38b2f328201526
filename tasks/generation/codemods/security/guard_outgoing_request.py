"""Send requests to public hosts only.

What it does
    Before a request to a URL that is a parameter of the function, inserts a check that the scheme is http or
    https and that the host resolves to a public address.

Why it matters
    A service that fetches what a user names also fetches the cloud's metadata address and the administration
    pages of its neighbours.

Example
    Before: return requests.get(url, timeout=5)
    After:  if urlsplit(url).scheme not in ("http", "https") ...: raise ValueError(...)

When it does not apply
    The function already parses the URL, or only a part of the URL is a parameter.

Fix safety
    review: URLs of private hosts raise `ValueError`; a name that changes its address between check and request
    gets through.

References
    CWE-918; https://owasp.org/www-community/attacks/Server_Side_Request_Forgery
"""

from __future__ import annotations

import re

import libcst as cst

from tasks.generation.codemods.base import Codemod
from tasks.generation.codemods.model import Rule
from tasks.generation.codemods.syntax import code_of, own_nodes
from tasks.models import Domain

METHODS = ("get", "post", "put", "delete", "patch", "head", "options")
CALLS = {f"{m}.{name}" for m in ("requests", "httpx") for name in METHODS} | {"urllib.request.urlopen"}
CHECKED = re.compile(r"urlsplit|urlparse|ipaddress|allow|validate|startswith")


class GuardOutgoingRequest(Codemod):
    def leave_SimpleStatementLine(
        self, original_node: cst.SimpleStatementLine, updated_node: cst.SimpleStatementLine
    ) -> cst.SimpleStatementLine | cst.FlattenSentinel[cst.BaseStatement]:
        function = self.enclosing_function(original_node)
        if function is None or CHECKED.search(code_of(function.body)):
            return updated_node
        url = self._requested(original_node, function)
        if url is None or not self.wanted(original_node):
            return updated_node
        guards = self._guards(url)
        self.accept(original_node, f"refuse {url!r} unless it names a public host")
        guards[0] = guards[0].with_changes(leading_lines=updated_node.leading_lines)
        return cst.FlattenSentinel([*guards, updated_node.with_changes(leading_lines=())])

    def _requested(self, line: cst.SimpleStatementLine, function: cst.FunctionDef) -> str | None:
        params = function.params
        given = {p.name.value for p in (*params.posonly_params, *params.params, *params.kwonly_params)}
        for call in own_nodes(line):
            if isinstance(call, cst.Call) and call.args and self.calls(call, CALLS):
                url = call.args[0].value
                if isinstance(url, cst.Name) and url.value in given:
                    return url.value
        return None

    def _guards(self, url: str) -> list[cst.If]:
        split = code_of(self.name_for("urllib.parse.urlsplit"))
        address = code_of(self.name_for("ipaddress.ip_address"))
        lookup = code_of(self.name_for("socket.gethostbyname"))
        error = f'    raise ValueError(f"refused to request {{{url}!r}}")\n'
        tests = [
            f'if {split}({url}).scheme not in ("http", "https"):\n{error}',
            f'if not {address}({lookup}({split}({url}).hostname or "")).is_global:\n{error}',
        ]
        return [cst.ensure_type(cst.parse_statement(code), cst.If) for code in tests]


RULE = Rule(
    id="guard_outgoing_request",
    title="Send requests to public hosts only",
    domain=Domain.SECURITY,
    safety="review",
    transformer=GuardOutgoingRequest,
    hints=("requests", "httpx", "urlopen"),
    cwe=(918,),
    codeql=("py/full-ssrf", "py/partial-ssrf"),
    words=("ssrf", "server-side request forgery", "metadata address", "169.254"),
)

VALID = (
    """\
import requests


def f():
    return requests.get(URL)
""",
)
INVALID = (
    (
        """\
import requests


def fetch(url):
    # any
    return requests.get(url, timeout=5)
""",
        """\
import ipaddress
import socket
import urllib.parse

import requests


def fetch(url):
    # any
    if urllib.parse.urlsplit(url).scheme not in ("http", "https"):
        raise ValueError(f"refused to request {url!r}")
    if not ipaddress.ip_address(socket.gethostbyname(urllib.parse.urlsplit(url).hostname or "")).is_global:
        raise ValueError(f"refused to request {url!r}")
    return requests.get(url, timeout=5)
""",
    ),
)
