"""Read a file once.

What it does
    Moves reading a file whose path does not depend on the loop out of the loop: `json.load(open(p))`,
    `Path(p).read_text()`, `yaml.safe_load(...)` and the like, and `os.environ` look-ups.

Why it matters
    Opening, reading and parsing a file costs thousands of times what using the result does.

Example
    Before: for x in xs: limits = json.loads(Path(p).read_text())
    After:  limits = json.loads(Path(p).read_text()); for x in xs: ...

When it does not apply
    The loop changes the result, waits, writes files, or reads a path that depends on the loop.

Fix safety
    hardening: a file that is changed while the loop runs is not read again, and a missing one is reported even
    when the loop would not have run.

References
    CWE-1050; https://docs.python.org/3/library/pathlib.html#pathlib.Path.read_text
"""

from __future__ import annotations

import re

import libcst as cst

from tasks.generation.codemods.loop_invariants import HoistInvariant
from tasks.generation.codemods.model import Rule
from tasks.generation.codemods.syntax import assigned_name, code_of, descendants
from tasks.models import Domain

READERS = {"json.loads", "json.load", "yaml.safe_load", "tomllib.loads", "tomllib.load"}
PLAIN = {"open", "pathlib.Path", "os.path.join", "os.environ.get", "os.getenv"}
METHODS = {"read", "read_text", "read_bytes"}
WAITS = re.compile(r"sleep|write|dump|\.save\(|\.wait\(|mtime|while True")


class ReadFileOnce(HoistInvariant):
    description = "read a file once instead of in each round"

    def _hoisted(
        self, original: cst.For | cst.While, updated: cst.For | cst.While
    ) -> cst.BaseStatement | cst.FlattenSentinel[cst.BaseStatement]:
        if isinstance(original, cst.While) or WAITS.search(code_of(original)):
            return updated
        for line in original.body.body:
            pair = assigned_name(line)
            if pair is not None and re.search(rf"\b{pair[0]}(\.\w+\(|\[[^]]*\] *[-+]?=)", code_of(original.body)):
                return updated
        return super()._hoisted(original, updated)

    def is_hoistable(self, value: cst.BaseExpression) -> bool:
        if not isinstance(value, cst.Call):
            return False
        calls = [node for node in descendants(value) if isinstance(node, cst.Call)]
        reads = any(self._reads(call) for call in calls)
        return reads and all(self._reads(call) or bool(self.calls(call, READERS | PLAIN)) for call in calls)

    def _reads(self, call: cst.Call) -> bool:
        if self.calls(call, {"os.environ.get", "os.getenv", "open"}):
            return True
        return isinstance(call.func, cst.Attribute) and call.func.attr.value in METHODS and not call.args


RULE = Rule(
    id="read_file_once",
    title="Read a file once",
    domain=Domain.PERFORMANCE,
    safety="hardening",
    transformer=ReadFileOnce,
    hints=("read", "open(", "environ", "getenv"),
    cwe=(1050,),
    words=("slow", "disk", "i/o", "latency", "takes too long"),
)

VALID = (
    """\
from pathlib import Path
for p in ps:
    t = Path(p).read_text()
    use(t)
""",
    """\
import json
for x in xs:
    d = json.loads(x)
    use(d)
""",
)
INVALID = (
    (
        """\
import json
for x in xs:
    limits = json.load(open(PATH))
    use(x, limits)
""",
        """\
import json
limits = json.load(open(PATH))
for x in xs:
    use(x, limits)
""",
    ),
)
