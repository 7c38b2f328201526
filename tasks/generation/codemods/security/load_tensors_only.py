"""Load tensors without unpickling code.

What it does
    Adds `weights_only=True` to `torch.load`, and replaces `weights_only=False`.

Why it matters
    A checkpoint is a pickle: loading one runs what its author put in.

Example
    Before: torch.load(path)
    After:  torch.load(path, weights_only=True)

When it does not apply
    The flag is a variable.

Fix safety
    hardening: checkpoints that hold whole objects raise `UnpicklingError`; allow their classes with
    `add_safe_globals`.

References
    CWE-502; https://docs.pytorch.org/docs/stable/generated/torch.load.html
"""

from __future__ import annotations

import libcst as cst

from tasks.generation.codemods.base import Codemod
from tasks.generation.codemods.model import Rule
from tasks.generation.codemods.syntax import code_of, has_star, keyword, with_keyword
from tasks.models import Domain


class LoadTensorsOnly(Codemod):
    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:
        if has_star(original_node) or not self.calls(original_node, {"torch.load", "torch.serialization.load"}):
            return updated_node
        flag = keyword(original_node, "weights_only")
        if flag is not None and code_of(flag.value) not in ("False", "None"):
            return updated_node
        if not self.accept(original_node, "load tensors only, not pickled code"):
            return updated_node
        return with_keyword(updated_node, "weights_only", "True")


RULE = Rule(
    id="load_tensors_only",
    title="Load tensors without unpickling code",
    domain=Domain.SECURITY,
    safety="hardening",
    transformer=LoadTensorsOnly,
    hints=("torch",),
    cwe=(502,),
    bandit=("B614",),
    ruff=("S614",),
    codeql=("py/unsafe-deserialization",),
    words=("checkpoint", "pickle"),
)

VALID = (
    """\
import torch
torch.load(p, weights_only=flag)
""",
)
INVALID = (
    (
        """\
import torch
m = torch.load(p, map_location='cpu')
""",
        """\
import torch
m = torch.load(p, map_location='cpu', weights_only=True)
""",
    ),
    (
        """\
from torch import load
load(p, weights_only=False)
""",
        """\
from torch import load
load(p, weights_only=True)
""",
    ),
)
