"""Extract archives without leaving the folder.

What it does
    Adds `filter="data"` to `extractall` and `extract` of an open tar file, and replaces `filter="fully_trusted"`.

Why it matters
    A member named `../../etc/cron.d/x`, or a link to it, is written there otherwise.

Example
    Before: archive.extractall(path)
    After:  archive.extractall(path, filter="data")

When it does not apply
    A filter is passed, or the object is not known to be a tar file.

Fix safety
    hardening: members outside the folder, devices and absolute links raise `FilterError`; needs Python 3.11.4.

References
    CWE-22; https://peps.python.org/pep-0706/
"""

from __future__ import annotations

import libcst as cst

from tasks.generation.codemods.base import Codemod
from tasks.generation.codemods.model import Rule
from tasks.generation.codemods.syntax import has_star, keyword, string_value, with_keyword
from tasks.models import Domain

OPENERS = {"tarfile.open", "tarfile.TarFile", "tarfile.TarFile.open"}


class FilterTarMembers(Codemod):
    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:
        func = original_node.func
        if not isinstance(func, cst.Attribute) or func.attr.value not in ("extractall", "extract"):
            return updated_node
        given = keyword(original_node, "filter")
        trusted = given is not None and string_value(given.value) == "fully_trusted"
        if has_star(original_node) or (given is not None and not trusted) or not self._is_tar(func):
            return updated_node
        if not self.accept(original_node, "extract only members that stay inside the folder"):
            return updated_node
        return with_keyword(updated_node, "filter", '"data"')

    def _is_tar(self, func: cst.Attribute) -> bool:
        if self.made_by(func.value) & OPENERS:
            return True
        return bool(self.qualified(func) & {"tarfile.extractall"})


RULE = Rule(
    id="filter_tar_members",
    title="Extract archives without leaving the folder",
    domain=Domain.SECURITY,
    safety="hardening",
    transformer=FilterTarMembers,
    hints=("extract",),
    cwe=(22,),
    bandit=("B202",),
    ruff=("S202",),
    codeql=("py/tarslip",),
    words=("path traversal", "tarslip", "tar slip", "zip slip"),
)

VALID = (
    """\
import tarfile
with tarfile.open(p) as t:
    t.extractall(d, filter='tar')
""",
    """\
import zipfile
with zipfile.ZipFile(p) as z:
    z.extractall(d)
""",
)
INVALID = (
    (
        """\
import tarfile

with tarfile.open(p) as t:
    t.extractall(d, members=t)
""",
        """\
import tarfile

with tarfile.open(p) as t:
    t.extractall(d, members=t, filter="data")
""",
    ),
    (
        """\
import tarfile
t = tarfile.open(p)
t.extract(m)
""",
        """\
import tarfile
t = tarfile.open(p)
t.extract(m, filter="data")
""",
    ),
)
