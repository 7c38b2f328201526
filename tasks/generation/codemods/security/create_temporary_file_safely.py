"""Create temporary files at once.

What it does
    Replaces `tempfile.mktemp()` by `tempfile.NamedTemporaryFile(delete=False).name`, which creates the file with
    mode 0600 under a name that nobody can take first.

Why it matters
    `mktemp` only invents a name; between that and the opening another user can put a link there.

Example
    Before: path = tempfile.mktemp(".txt")
    After:  path = tempfile.NamedTemporaryFile(suffix=".txt", delete=False).name

When it does not apply
    The arguments hide behind `*args` or `**kwargs`.

Fix safety
    hardening: the file exists from then on: code that wants to create it exclusively or make a folder there
    fails.

References
    CWE-377; https://docs.python.org/3/library/tempfile.html#tempfile.mktemp
"""

from __future__ import annotations

import libcst as cst

from tasks.generation.codemods.base import Codemod
from tasks.generation.codemods.model import Rule
from tasks.generation.codemods.syntax import has_star, with_keyword
from tasks.models import Domain

NAMES = ("suffix", "prefix", "dir")


class CreateTemporaryFileSafely(Codemod):
    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.BaseExpression:
        if (
            has_star(original_node)
            or not self.calls(original_node, {"tempfile.mktemp"})
            or not self.wanted(original_node)
        ):
            return updated_node
        func = self.name_for("tempfile.NamedTemporaryFile")
        self.accept(original_node, "create the temporary file under a name that cannot be taken first")
        args: list[cst.Arg] = []
        equal = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))
        for position, arg in enumerate(updated_node.args):
            name = arg.keyword or cst.Name(NAMES[position])
            args.append(arg.with_changes(keyword=name, equal=equal))
        call = with_keyword(updated_node.with_changes(func=func, args=args), "delete", "False")
        return cst.Attribute(call, cst.Name("name"))


RULE = Rule(
    id="create_temporary_file_safely",
    title="Create temporary files at once",
    domain=Domain.SECURITY,
    safety="hardening",
    transformer=CreateTemporaryFileSafely,
    hints=("mktemp",),
    cwe=(377,),
    bandit=("B306",),
    ruff=("S306",),
    codeql=("py/insecure-temporary-file",),
    words=("temporary file", "race condition", "symlink attack"),
)

VALID = (
    """\
import tempfile
tempfile.mkstemp()
""",
)
INVALID = (
    (
        """\
import tempfile
p = tempfile.mktemp('.txt')  # out
""",
        """\
import tempfile
p = tempfile.NamedTemporaryFile(suffix='.txt', delete=False).name  # out
""",
    ),
    (
        """\
from tempfile import mktemp
p = mktemp()
""",
        """\
import tempfile
p = tempfile.NamedTemporaryFile(delete=False).name
""",
    ),
)
