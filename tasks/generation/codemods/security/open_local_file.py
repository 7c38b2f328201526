"""Open local files as files.

What it does
    Turns `urlopen("file:///path")` into `open("/path", "rb")` and `urlretrieve("file:///path", target)` into
    `shutil.copyfile`.

Why it matters
    A URL opener that may read files serves whoever can change the URL; a file that is meant should be opened as
    one.

Example
    Before: urllib.request.urlopen("file:///etc/motd")
    After:  open("/etc/motd", "rb")

When it does not apply
    The URL is not a literal, or names a host.

Fix safety
    hardening: the result is a file without the headers of a response; `urlretrieve` returned a pair.

References
    CWE-22, CWE-73; https://docs.python.org/3/library/urllib.request.html
"""

from __future__ import annotations

import libcst as cst

from tasks.generation.codemods.base import Codemod
from tasks.generation.codemods.model import Rule
from tasks.generation.codemods.syntax import expr, has_star, string_value
from tasks.models import Domain

OPEN = {f"{m}.{name}" for m in ("urllib.request", "six.moves.urllib.request", "urllib") for name in ("urlopen",)}
RETRIEVE = {name.replace("urlopen", "urlretrieve") for name in OPEN}


class OpenLocalFile(Codemod):
    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:
        url = string_value(original_node.args[0].value) if original_node.args else None
        if url is None or not url.lower().startswith("file:///") or has_star(original_node) or "%" in url:
            return updated_node
        path = cst.Arg(expr(repr(url[len("file://") :])))
        if self.calls(original_node, OPEN) and len(original_node.args) == 1:
            if self.accept(original_node, "open a local file as a file"):
                return cst.Call(cst.Name("open"), [path, cst.Arg(expr("'rb'"))])
        elif self.calls(original_node, RETRIEVE) and len(original_node.args) == 2 and self.wanted(original_node):
            copy = self.name_for("shutil.copyfile")
            self.accept(original_node, "copy a local file as a file")
            return cst.Call(copy, [path, updated_node.args[1]])
        return updated_node


RULE = Rule(
    id="open_local_file",
    title="Open local files as files",
    domain=Domain.SECURITY,
    safety="hardening",
    transformer=OpenLocalFile,
    hints=("file:///",),
    cwe=(22, 73),
    bandit=("B310",),
    ruff=("S310",),
    words=("file url",),
)

VALID = (
    """\
import urllib.request
urllib.request.urlopen(url)
""",
)
INVALID = (
    (
        """\
import urllib.request
f = urllib.request.urlopen('file:///etc/motd')
""",
        """\
f = open('/etc/motd', 'rb')
""",
    ),
    (
        """\
from urllib.request import urlretrieve
urlretrieve('file:///a', '/b')
""",
        """\
import shutil
shutil.copyfile('/a', '/b')
""",
    ),
)
