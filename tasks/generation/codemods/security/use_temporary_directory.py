"""Ask for the temporary directory.

What it does
    Turns literal paths below /tmp, /var/tmp and /dev/shm that are passed to a call into
    `os.path.join(tempfile.gettempdir(), ...)`.

Why it matters
    The directory is shared by all users: `TMPDIR` lets an administrator or a service manager give each service
    its own.

Example
    Before: open("/tmp/report.csv")
    After:  open(os.path.join(tempfile.gettempdir(), "report.csv"))

When it does not apply
    The path is stored, compared or part of a longer text.

Fix safety
    hardening: the same place by default; files that must outlive a restart or be found by other programs may need
    a fixed path.

References
    CWE-377; https://docs.python.org/3/library/tempfile.html#tempfile.gettempdir
"""

from __future__ import annotations

import libcst as cst

from tasks.generation.codemods.base import Codemod
from tasks.generation.codemods.model import Rule
from tasks.generation.codemods.syntax import code_of, string_value
from tasks.models import Domain

SHARED = ("/tmp/", "/var/tmp/", "/dev/shm/")


class UseTemporaryDirectory(Codemod):
    def leave_Arg(self, original_node: cst.Arg, updated_node: cst.Arg) -> cst.Arg:
        text = string_value(original_node.value)
        root = next((place for place in SHARED if text is not None and text.startswith(place)), None)
        if text is None or root is None or len(text) == len(root) or original_node.star:
            return updated_node
        if not self.wanted(original_node) or " " in text:
            return updated_node
        join, folder = self.name_for("os.path.join"), self.name_for("tempfile.gettempdir")
        self.accept(original_node, "ask for the temporary directory instead of assuming it")
        rest = cst.SimpleString(
            repr(text[len(root) :]) if "'" in code_of(original_node.value)[:2] else f'"{text[len(root) :]}"'
        )
        return updated_node.with_changes(value=cst.Call(join, [cst.Arg(cst.Call(folder)), cst.Arg(rest)]))


RULE = Rule(
    id="use_temporary_directory",
    title="Ask for the temporary directory",
    domain=Domain.SECURITY,
    safety="hardening",
    transformer=UseTemporaryDirectory,
    hints=("/tmp/", "/dev/shm/"),
    cwe=(377, 379),
    bandit=("B108",),
    ruff=("S108",),
    words=("temporary directory",),
)

VALID = (
    """\
TMP = '/tmp/x'
""",
    """\
f('/abc/tmp/x')
""",
)
INVALID = (
    (
        """\
import os

with open('/tmp/abc', 'w') as f:
    pass
""",
        """\
import os
import tempfile

with open(os.path.join(tempfile.gettempdir(), 'abc'), 'w') as f:
    pass
""",
    ),
)
