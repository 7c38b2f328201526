"""Read a file line by line.

What it does
    Turns `for line in file.readlines()` into `for line in file`.

Why it matters
    All lines are held in memory before the first is handled.

Example
    Before: for line in f.readlines():
    After:  for line in f:

When it does not apply
    The object was not opened by `open` in this function, a size is passed, or the loop reads the file itself.

Fix safety
    hardening: the same lines; a file that the loop appends to is read to its new end.

References
    CWE-770; https://docs.python.org/3/tutorial/inputoutput.html#methods-of-file-objects
"""

from __future__ import annotations

import libcst as cst

from tasks.generation.codemods.base import Codemod
from tasks.generation.codemods.model import Rule
from tasks.generation.codemods.syntax import uses_name
from tasks.models import Domain

OPENERS = {"open", "io.open", "gzip.open", "bz2.open", "lzma.open", "codecs.open"}


class IterateFileLines(Codemod):
    def leave_For(self, original_node: cst.For, updated_node: cst.For) -> cst.For:
        call = original_node.iter
        if not isinstance(call, cst.Call) or not isinstance(call.func, cst.Attribute) or call.args:
            return updated_node
        file = call.func.value
        if call.func.attr.value != "readlines" or not isinstance(file, cst.Name) or not self.made_by(file) & OPENERS:
            return updated_node
        if uses_name(original_node.body, {file.value}) or not self.accept(original_node, "read the file line by line"):
            return updated_node
        return updated_node.with_changes(iter=file)


RULE = Rule(
    id="iterate_file_lines",
    title="Read a file line by line",
    domain=Domain.PERFORMANCE,
    safety="hardening",
    transformer=IterateFileLines,
    hints=("readlines",),
    cwe=(770,),
    ruff=("FURB129",),
    exceptions=("MemoryError",),
    words=("memory usage", "out of memory", "oomkilled", "large file"),
)

VALID = (
    """\
for line in stream.readlines():
    use(line)
""",
    """\
with open(p) as f:
    lines = f.readlines()
""",
)
INVALID = (
    (
        """\
with open(p) as f:
    for line in f.readlines():
        use(line)
""",
        """\
with open(p) as f:
    for line in f:
        use(line)
""",
    ),
)
