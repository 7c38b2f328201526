"""Hand values on one by one.

What it does
    Drops the brackets of a list comprehension that is the only argument of `sum`, `min`, `max`, `any`, `all`,
    `set`, `frozenset` or `dict`.

Why it matters
    The list is built in memory only to be read once; `any` and `all` stop early without it.

Example
    Before: any([f(x) for x in xs])
    After:  any(f(x) for x in xs)

When it does not apply
    More arguments are given, or the comprehension awaits.

Fix safety
    safe: the same result; `any` and `all` evaluate only as many elements as they need.

References
    CWE-1050; https://docs.python.org/3/howto/functional.html#generator-expressions-and-list-comprehensions
"""

from __future__ import annotations

import libcst as cst

from tasks.generation.codemods.base import Codemod
from tasks.generation.codemods.model import Rule
from tasks.generation.codemods.syntax import descendants
from tasks.models import Domain

READERS = {"sum", "min", "max", "any", "all", "set", "frozenset", "dict"}


class PassGenerator(Codemod):
    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:
        if len(original_node.args) != 1 or original_node.args[0].star or original_node.args[0].keyword:
            return updated_node
        values = updated_node.args[0].value
        if not isinstance(values, cst.ListComp) or not self.calls(original_node, READERS):
            return updated_node
        if any(
            isinstance(n, cst.Await) or (isinstance(n, cst.CompFor) and n.asynchronous) for n in descendants(values)
        ):
            return updated_node
        bracket = values.lbracket.whitespace_after
        if isinstance(bracket, cst.ParenthesizedWhitespace) or not self.accept(
            original_node, "hand the values on one by one"
        ):
            return updated_node
        bare = cst.GeneratorExp(values.elt, values.for_in, lpar=[], rpar=[])
        return updated_node.with_changes(
            args=[updated_node.args[0].with_changes(value=bare, comma=cst.MaybeSentinel.DEFAULT)]
        )


RULE = Rule(
    id="pass_generator",
    title="Hand values on one by one",
    domain=Domain.PERFORMANCE,
    safety="safe",
    transformer=PassGenerator,
    hints=("([",),
    cwe=(1050,),
    ruff=("C419", "C401", "C403"),
    exceptions=("MemoryError",),
    words=("memory usage", "out of memory", "memory grows"),
)

VALID = (
    """\
sum(x for x in xs)
""",
    """\
sum([f(x) for x in xs], [])
""",
    """\
sorted([x for x in xs])
""",
)
INVALID = (
    (
        """\
n = sum([len(x) for x in xs])  # all
""",
        """\
n = sum(len(x) for x in xs)  # all
""",
    ),
)
