"""Check the status of a response before its content.

What it does
    Inserts `response.raise_for_status()` after a request (requests, httpx) whose body is read in the same
    function without a look at the status; `return requests.get(url).json()` is taken apart for it.

Why it matters
    An error page is no JSON: the fault shows as `JSONDecodeError` or `KeyError` far from its cause, or wrong data
    is stored.

Example
    Before: r = requests.get(url); r.json()
    After:  r = requests.get(url); r.raise_for_status(); r.json()

When it does not apply
    The function reads `ok`, `status_code`, `reason` or calls `raise_for_status`; the response itself is returned
    or passed on.

Fix safety
    review: answers of 400 and above raise `HTTPError`, also where their body was used.

References
    CWE-252; https://requests.readthedocs.io/en/latest/api/#requests.Response.raise_for_status
"""

from __future__ import annotations

import re

import libcst as cst

from tasks.generation.codemods.base import Codemod
from tasks.generation.codemods.model import Rule
from tasks.generation.codemods.syntax import assigned_name, code_of, own_nodes, simple, uses_name
from tasks.models import Domain

METHODS = ("get", "post", "put", "delete", "patch", "request")
CALLS = {f"{m}.{name}" for m in ("requests", "httpx") for name in METHODS}
CLIENTS = {"requests.Session", "requests.session", "httpx.Client", "httpx.AsyncClient"}
BODY = {"json", "text", "content", "iter_content", "iter_lines", "read"}
LOOKED = re.compile(r"raise_for_status|status_code|\.ok\b|is_success|is_error|\.reason\b")


class CheckResponseStatus(Codemod):
    def leave_SimpleStatementLine(
        self, original_node: cst.SimpleStatementLine, updated_node: cst.SimpleStatementLine
    ) -> cst.SimpleStatementLine | cst.FlattenSentinel[cst.BaseStatement]:
        function = self.enclosing_function(original_node)
        scope: cst.CSTNode = function.body if function is not None else self.module
        if LOOKED.search(code_of(scope) if function is not None else self.module.code):
            return updated_node
        pair = assigned_name(original_node)
        if pair is not None and self._is_request(pair[1]) and self._only_body_read(scope, pair[0]):
            return self._checked(original_node, updated_node, pair[0])
        return self._taken_apart(original_node, updated_node)

    def _checked(
        self, original: cst.SimpleStatementLine, updated: cst.SimpleStatementLine, name: str
    ) -> cst.SimpleStatementLine | cst.FlattenSentinel[cst.BaseStatement]:
        if not self.accept(original, "check the status of the response before its content is read"):
            return updated
        return cst.FlattenSentinel([updated, cst.parse_statement(f"{name}.raise_for_status()")])

    def _taken_apart(
        self, original: cst.SimpleStatementLine, updated: cst.SimpleStatementLine
    ) -> cst.SimpleStatementLine | cst.FlattenSentinel[cst.BaseStatement]:
        small = simple(original)
        value = small.value if isinstance(small, cst.Assign | cst.Return) else None
        request = self._request_below(value) if value is not None else None
        if request is None or value is None or self.enclosing_function(original) is None:
            return updated
        if uses_name(self.module, {"response"}) or not self.accept(
            original, "check the status of the response before its content is read"
        ):
            return updated
        first = cst.ensure_type(cst.parse_statement(f"response = {code_of(request)}"), cst.SimpleStatementLine)
        first = first.with_changes(leading_lines=updated.leading_lines)
        rest = cst.ensure_type(original.deep_replace(request, cst.Name("response")), cst.SimpleStatementLine)
        check = cst.parse_statement("response.raise_for_status()")
        return cst.FlattenSentinel([first, check, rest.with_changes(leading_lines=())])

    def _request_below(self, value: cst.BaseExpression) -> cst.BaseExpression | None:
        """The request whose body the expression reads, as in `get(url).json()["items"]`."""
        node: cst.CSTNode = value
        reads_body = False
        while isinstance(node, cst.Call | cst.Attribute | cst.Subscript):
            if isinstance(node, cst.Call) and self._is_request(node):
                return node if reads_body else None
            if isinstance(node, cst.Attribute):
                reads_body = node.attr.value in BODY
            node = node.func if isinstance(node, cst.Call) else node.value
        return None

    def _is_request(self, value: cst.BaseExpression) -> bool:
        call = value.expression if isinstance(value, cst.Await) else value
        if not isinstance(call, cst.Call):
            return False
        func = call.func
        if self.calls(call, CALLS):
            return True
        return (
            isinstance(func, cst.Attribute) and func.attr.value in METHODS and bool(self.made_by(func.value) & CLIENTS)
        )

    def _only_body_read(self, scope: cst.CSTNode, name: str) -> bool:
        uses = [n for n in own_nodes(scope) if isinstance(n, cst.Name) and n.value == name]
        reads = [
            n for n in own_nodes(scope)
            if isinstance(n, cst.Attribute) and isinstance(n.value, cst.Name) and n.value.value == name
        ]  # fmt: skip
        return len(uses) == len(reads) + 1 and any(n.attr.value in BODY for n in reads)


RULE = Rule(
    id="check_response_status",
    title="Check the status of a response before its content",
    domain=Domain.API,
    safety="review",
    transformer=CheckResponseStatus,
    hints=("requests", "httpx"),
    cwe=(252,),
    exceptions=("JSONDecodeError", "KeyError", "HTTPError"),
    words=("expecting value", "status code", "500", "404", "401", "error page", "not json", "unexpected response"),
)

VALID = (
    """\
import requests


def f():
    r = requests.get(u)
    if r.ok:
        return r.json()
""",
    """\
import requests


def f():
    r = requests.get(u)
    return r
""",
)
INVALID = (
    (
        """\
import requests


def f():
    r = requests.get(u)  # all
    return r.json()['x']
""",
        """\
import requests


def f():
    r = requests.get(u)  # all
    r.raise_for_status()
    return r.json()['x']
""",
    ),
    (
        """\
import requests


def f():
    # all
    return requests.get(u).json()['x']
""",
        """\
import requests


def f():
    # all
    response = requests.get(u)
    response.raise_for_status()
    return response.json()['x']
""",
    ),
)
