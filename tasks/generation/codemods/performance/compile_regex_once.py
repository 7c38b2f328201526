"""Compile a regular expression once.

What it does
    Moves `pattern = re.compile(...)` out of a loop when nothing that it reads changes in the loop.

Why it matters
    The module's cache saves most of the work, but not the look-up, and not for more than 512 patterns.

Example
    Before: for x in xs: p = re.compile(R); p.match(x)
    After:  p = re.compile(R); for x in xs: p.match(x)

When it does not apply
    The pattern depends on the loop, or the name is set more than once.

Fix safety
    safe: the same pattern; an invalid one is reported even when the loop would not have run.

References
    CWE-1050; https://docs.python.org/3/library/re.html#re.compile
"""

from __future__ import annotations

import libcst as cst

from tasks.generation.codemods.loop_invariants import HoistInvariant
from tasks.generation.codemods.model import Rule
from tasks.models import Domain


class CompileRegexOnce(HoistInvariant):
    description = "compile a regular expression once instead of in each round"

    def is_hoistable(self, value: cst.BaseExpression) -> bool:
        return isinstance(value, cst.Call) and bool(self.calls(value, {"re.compile", "regex.compile"}))


RULE = Rule(
    id="compile_regex_once",
    title="Compile a regular expression once",
    domain=Domain.PERFORMANCE,
    safety="safe",
    transformer=CompileRegexOnce,
    hints=("compile",),
    cwe=(1050,),
    words=("slow", "high cpu", "cpu usage", "latency", "takes too long"),
)

VALID = (
    """\
import re
for x in xs:
    p = re.compile(x)
    p.match(y)
""",
)
INVALID = (
    (
        """\
import re

# all
for x in xs:
    p = re.compile(R)  # once
    p.match(x)
""",
        """\
import re

# all
p = re.compile(R)  # once
for x in xs:
    p.match(x)
""",
    ),
)
