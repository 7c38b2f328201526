"""Read all pages of a listing.

What it does
    Turns a function that requests one page and returns its `results` into one that follows the `next` addresses
    of the answers.

Why it matters
    A listing is cut at the first page, with no error: later rows are never seen.

Example
    Before: return requests.get(url).json()["results"]
    After:  a loop over `data["next"]` that collects `data["results"]`

When it does not apply
    The function loops already, reads `next` or passes a page or a limit.

Fix safety
    review: more requests and more memory; services whose answers have no `next` are read as before.

References
    CWE-684; https://www.django-rest-framework.org/api-guide/pagination/
"""

from __future__ import annotations

import re

import libcst as cst

from tasks.generation.codemods.base import Codemod
from tasks.generation.codemods.model import Rule
from tasks.generation.codemods.syntax import code_of, simple, string_value, uses_name
from tasks.models import Domain

CALLS = {f"{m}.get" for m in ("requests", "httpx")}
PAGED = re.compile(r"\b(for|while)\b|next|page|limit|offset|cursor")


class FollowNextPage(Codemod):
    def leave_SimpleStatementLine(
        self, original_node: cst.SimpleStatementLine, updated_node: cst.SimpleStatementLine
    ) -> cst.SimpleStatementLine | cst.FlattenSentinel[cst.BaseStatement]:
        function = self.enclosing_function(original_node)
        small = simple(original_node)
        if function is None or not isinstance(small, cst.Return) or small.value is None:
            return updated_node
        request = self._request(small.value)
        if request is None or PAGED.search(code_of(function.body)) or not isinstance(request.args[0].value, cst.Name):
            return updated_node
        if uses_name(function, {"data"}) or len(function.body.body) > 2:
            return updated_node
        if not self.accept(original_node, "read all pages instead of the first"):
            return updated_node
        url = code_of(request.args[0].value)
        code = [
            "results = []",
            f"while {url}:\n"
            f"    data = {code_of(request)}.json()\n"
            f'    results.extend(data["results"])\n'
            f'    {url} = data.get("next")\n',
            "return results",
        ]
        lines = [cst.parse_statement(text) for text in code]
        lines[0] = lines[0].with_changes(leading_lines=updated_node.leading_lines)
        return cst.FlattenSentinel(lines)

    def _request(self, value: cst.BaseExpression) -> cst.Call | None:
        """The request of `get(url).json()["results"]`."""
        if not isinstance(value, cst.Subscript) or not isinstance(value.value, cst.Call) or len(value.slice) != 1:
            return None
        index, read = value.slice[0].slice, value.value.func
        if not isinstance(index, cst.Index) or string_value(index.value) != "results":
            return None
        if not isinstance(read, cst.Attribute) or read.attr.value != "json" or not isinstance(read.value, cst.Call):
            return None
        return read.value if self.calls(read.value, CALLS) and read.value.args else None


RULE = Rule(
    id="follow_next_page",
    title="Read all pages of a listing",
    domain=Domain.API,
    safety="review",
    transformer=FollowNextPage,
    hints=("results",),
    cwe=(684,),
    words=("pagination", "missing rows", "only the first page", "first 100", "incomplete list", "next page"),
)

VALID = (
    """\
import requests


def f(u):
    return requests.get(u, params={'limit': 9}).json()['results']
""",
)
INVALID = (
    (
        """\
import requests


def users(url):
    return requests.get(url, timeout=5).json()['results']
""",
        """\
import requests


def users(url):
    results = []
    while url:
        data = requests.get(url, timeout=5).json()
        results.extend(data["results"])
        url = data.get("next")
    return results
""",
    ),
)
