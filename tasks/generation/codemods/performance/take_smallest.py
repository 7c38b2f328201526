"""Take the smallest without sorting all.

What it does
    Turns `sorted(xs)[0]` into `min(xs)` and `sorted(xs)[-1]` into `max(xs)`; `key` stays.

Why it matters
    Sorting costs n log n comparisons where one pass suffices.

Example
    Before: sorted(xs)[0]
    After:  min(xs)

When it does not apply
    `reverse` is passed; `sorted(xs, key=...)[-1]`, which takes the last of equal elements where `max` takes the
    first.

Fix safety
    hardening: the same element; an empty sequence raises `ValueError` instead of `IndexError`.

References
    CWE-407; https://docs.python.org/3/library/functions.html#min
"""

from __future__ import annotations

import libcst as cst

from tasks.generation.codemods.base import Codemod
from tasks.generation.codemods.model import Rule
from tasks.generation.codemods.syntax import code_of, has_star, keyword
from tasks.models import Domain


class TakeSmallest(Codemod):
    def leave_Subscript(self, original_node: cst.Subscript, updated_node: cst.Subscript) -> cst.BaseExpression:
        call = original_node.value
        if not isinstance(call, cst.Call) or not self.calls(call, {"sorted"}) or len(original_node.slice) != 1:
            return updated_node
        index = original_node.slice[0].slice
        place = code_of(index.value) if isinstance(index, cst.Index) else ""
        keyed = keyword(call, "key") is not None
        name = {"0": "min", "-1": None if keyed else "max"}.get(place)
        if (
            name is None
            or keyword(call, "reverse")
            or has_star(call)
            or isinstance(self.parent(original_node), cst.AssignTarget)
        ):
            return updated_node
        if not self.accept(original_node, f"take the {name}imum without sorting"):
            return updated_node
        inner = cst.ensure_type(updated_node.value, cst.Call)
        return inner.with_changes(func=cst.Name(name))


RULE = Rule(
    id="take_smallest",
    title="Take the smallest without sorting all",
    domain=Domain.PERFORMANCE,
    safety="hardening",
    transformer=TakeSmallest,
    hints=("sorted(",),
    cwe=(407,),
    ruff=("FURB192",),
    words=("slow", "high cpu", "cpu usage"),
)

VALID = (
    """\
sorted(xs, reverse=True)[0]
""",
    """\
sorted(xs)[1]
""",
)
INVALID = (
    (
        """\
a = sorted(xs, key=f)[0]
b = sorted(xs)[-1]
""",
        """\
a = min(xs, key=f)
b = max(xs)
""",
    ),
)
