"""Advance to the next page.

What it does
    In a `while` loop that requests pages, adds the step that is missing: `page += 1` at the end of the body when
    the page number goes into the request and never changes in the loop.

Why it matters
    The same page is fetched for ever: the job never ends, and the service throttles the client.

Example
    Before: while True: items = fetch(page=page); ...
    After:  ... page += 1 as the last line of the body

When it does not apply
    The variable changes in the loop, is no page number, or the loop has no way out but an error.

Fix safety
    hardening: only a loop that could not advance changes.

References
    CWE-835; https://docs.python.org/3/reference/compound_stmts.html#while
"""

from __future__ import annotations

import libcst as cst

from tasks.generation.codemods.base import Codemod
from tasks.generation.codemods.model import Rule
from tasks.generation.codemods.syntax import bound_names, own_nodes
from tasks.models import Domain

COUNTERS = ("page", "page_number", "page_num", "current_page")


class AdvancePage(Codemod):
    def leave_While(self, original_node: cst.While, updated_node: cst.While) -> cst.While:
        if not isinstance(original_node.body, cst.IndentedBlock) or not isinstance(
            updated_node.body, cst.IndentedBlock
        ):
            return updated_node
        counter = _counter_sent(original_node)
        if counter is None or counter in bound_names(original_node) or not _ends(original_node.body):
            return updated_node
        if any(isinstance(node, cst.Continue) for node in own_nodes(original_node.body)):
            return updated_node
        if not self.accept(original_node, f"advance {counter} so that the loop reaches the next page"):
            return updated_node
        step = cst.parse_statement(f"{counter} += 1")
        return updated_node.with_changes(body=updated_node.body.with_changes(body=[*updated_node.body.body, step]))


def _counter_sent(loop: cst.While) -> str | None:
    """The page number that a call or a dictionary of parameters takes in the loop."""
    for node in own_nodes(loop.body):
        value = node.value if isinstance(node, cst.Arg | cst.DictElement) else None
        if isinstance(node, cst.FormattedStringExpression):
            value = node.expression
        if isinstance(value, cst.Name) and value.value in COUNTERS:
            return value.value
    return None


def _ends(body: cst.BaseSuite) -> bool:
    return any(isinstance(node, cst.Break | cst.Return) for node in own_nodes(body))


RULE = Rule(
    id="advance_page",
    title="Advance to the next page",
    domain=Domain.API,
    safety="hardening",
    transformer=AdvancePage,
    hints=("page",),
    cwe=(835,),
    exceptions=("TimeoutError", "MemoryError"),
    words=("pagination", "same page", "never ends", "infinite loop", "duplicate rows", "endless"),
)

VALID = (
    """\
page = 1
while True:
    rows = f(page=page)
    if not rows:
        break
    page += 1
""",
)
INVALID = (
    (
        """\
page = 1
while True:
    rows = f(page=page)
    if not rows:
        break
    out.extend(rows)  # all
""",
        """\
page = 1
while True:
    rows = f(page=page)
    if not rows:
        break
    out.extend(rows)  # all
    page += 1
""",
    ),
)
