"""Keep files writable for their owner only.

What it does
    Takes the write permission of group and others out of literal modes in `os.chmod` and `Path.chmod`;
    what others could also run becomes the owner's alone. `os.umask(0)` becomes
    `os.umask(0o077)`.

Why it matters
    Whoever may write a configuration, a key or a script of a service may become that service.

Example
    Before: os.chmod(path, 0o777)
    After:  os.chmod(path, 0o700)

When it does not apply
    The mode is computed, or others may only read or run the file (0o755, 0o644).

Fix safety
    hardening: other users and groups lose access.

References
    CWE-732; https://docs.python.org/3/library/os.html#os.chmod
"""

from __future__ import annotations

import libcst as cst

from tasks.generation.codemods.base import Codemod
from tasks.generation.codemods.model import Rule
from tasks.generation.codemods.syntax import argument, has_star, integer_value, with_value
from tasks.models import Domain

TARGETS = {
    "os.chmod": (1, "mode"),
    "os.fchmod": (1, "mode"),
    "os.lchmod": (1, "mode"),
    "os.umask": (0, "mask"),
}
SHARED_WRITE, SHARED_RUN = 0o022, 0o011


class RestrictFileMode(Codemod):
    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:
        target = self.calls(original_node, TARGETS)
        place = TARGETS[target] if target is not None else self._of_path(original_node)
        if place is None or has_star(original_node):
            return updated_node
        mode = argument(original_node, *place)
        value = integer_value(mode.value) if mode is not None else None
        new = _restricted(value, is_mask=target == "os.umask") if value is not None else None
        if new is None or not self.accept(original_node, f"restricted a file mode of 0o{value:o} to 0o{new:o}"):
            return updated_node
        given = argument(updated_node, *place)
        return with_value(updated_node, given, f"0o{new:03o}") if given else updated_node

    def _of_path(self, call: cst.Call) -> tuple[int, str] | None:
        is_method = isinstance(call.func, cst.Attribute) and call.func.attr.value == "chmod"
        of_os = any(name.startswith("os.") for name in self.qualified(call.func))
        return (0, "mode") if is_method and len(call.args) == 1 and not of_os else None


def _restricted(mode: int, *, is_mask: bool) -> int | None:
    """The mode for the owner alone; None when it is narrow enough."""
    if is_mask:
        return 0o077 if mode & 0o777 == 0 else None
    if mode & (SHARED_WRITE | SHARED_RUN) in (0, 0o001, 0o010, SHARED_RUN):
        return None
    narrow = mode & (0o7700 if mode & SHARED_RUN else 0o7744)
    return narrow if narrow & 0o700 else 0o600


RULE = Rule(
    id="restrict_file_mode",
    title="Keep files writable for their owner only",
    domain=Domain.SECURITY,
    safety="hardening",
    transformer=RestrictFileMode,
    hints=("chmod", "umask"),
    cwe=(732, 276),
    bandit=("B103",),
    ruff=("S103",),
    codeql=("py/overly-permissive-file",),
    words=("world writable", "world-writable", "permission"),
)

VALID = (
    """\
import os
os.chmod(p, 0o755)
os.chmod(p, 0o644)
os.umask(0o022)
""",
    """\
import os
os.chmod(p, mode)
""",
)
INVALID = (
    (
        """\
import os
os.chmod(p, 0o666)
""",
        """\
import os
os.chmod(p, 0o644)
""",
    ),
    (
        """\
from pathlib import Path
Path(p).chmod(0o777)
""",
        """\
from pathlib import Path
Path(p).chmod(0o700)
""",
    ),
)
