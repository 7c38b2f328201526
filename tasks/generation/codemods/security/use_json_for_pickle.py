"""Exchange data as JSON instead of pickles.

What it does
    In a file that both writes and reads pickles (pickle, dill, cloudpickle) turns these calls into their JSON
    counterparts.

Why it matters
    Reading a pickle runs what its author put in; JSON is only data.

Example
    Before: pickle.loads(data)
    After:  json.loads(data)

When it does not apply
    The file only writes or only reads, keeps classes or protocols, or writes something that is no JSON (sets,
    bytes, tuples).

Fix safety
    review: only texts, numbers, booleans, None, lists and dictionaries with text keys survive; files written
    before cannot be read.

References
    CWE-502; https://docs.python.org/3/library/pickle.html
"""

from __future__ import annotations

import libcst as cst

from tasks.generation.codemods.base import Codemod
from tasks.generation.codemods.model import Rule
from tasks.generation.codemods.syntax import code_of, descendants, string_value
from tasks.models import Domain

MODULES = ("pickle", "cPickle", "dill", "cloudpickle")
WRITES = {f"{m}.{name}" for m in MODULES for name in ("dump", "dumps")}
READS = {f"{m}.{name}" for m in MODULES for name in ("load", "loads", "Unpickler")}


class UseJsonForPickle(Codemod):
    def visit_Module(self, node: cst.Module) -> None:
        self._writes, self._reads, self._other = 0, 0, False
        for child in descendants(node):
            if isinstance(child, cst.Call):
                self._count(child)

    def _count(self, call: cst.Call) -> None:
        if self.calls(call, WRITES):
            self._writes += 1
            self._other |= not call.args or not _may_be_json(call.args[0].value)
            self._other |= len(call.args) != (2 if code_of(call.func).endswith("dump") else 1)
        elif self.calls(call, READS):
            self._reads += 1
            self._other |= len(call.args) != 1
        else:
            self._other |= any(name.split(".")[0] in MODULES for name in self.qualified(call.func))

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.BaseExpression:
        if self._other or not self._writes or not self._reads or self._lines is not None:
            return updated_node
        func = original_node.func
        inner = func.value if isinstance(func, cst.Attribute) and func.attr.value == "load" else None
        if isinstance(inner, cst.Call) and self.calls(inner, {f"{m}.Unpickler" for m in MODULES}):
            return self._read(original_node, inner.args[0].value)
        target = self.calls(original_node, WRITES | READS)
        if target is None or target.endswith("Unpickler") or not self.wanted(original_node):
            return updated_node
        name = target.rpartition(".")[2]
        if name == "load":
            return self._read(original_node, updated_node.args[0].value)
        if name == "loads":
            self.accept(original_node, "read JSON instead of a pickle")
            return updated_node.with_changes(func=self.name_for("json.loads"))
        return self._written(original_node, updated_node, name)

    def _written(self, original_node: cst.Call, updated_node: cst.Call, name: str) -> cst.Call:
        self.accept(original_node, "write JSON instead of a pickle")
        data = cst.Call(self.name_for("json.dumps"), [cst.Arg(updated_node.args[0].value)])
        encoded = cst.Call(cst.Attribute(data, cst.Name("encode")))
        if name == "dumps":
            return encoded
        return cst.Call(cst.Attribute(updated_node.args[1].value, cst.Name("write")), [cst.Arg(encoded)])

    def _read(self, original: cst.Call, file: cst.BaseExpression) -> cst.Call:
        loads = self.name_for("json.loads")
        self.accept(original, "read JSON instead of a pickle")
        return cst.Call(loads, [cst.Arg(cst.Call(cst.Attribute(file, cst.Name("read"))))])


def _may_be_json(value: cst.BaseExpression) -> bool:
    if isinstance(value, cst.Call):
        return code_of(value.func) in ("dict", "list")
    if isinstance(value, cst.List):
        return all(_may_be_json(e.value) for e in value.elements)
    if isinstance(value, cst.Dict):
        return all(
            isinstance(e, cst.DictElement) and string_value(e.key) is not None and _may_be_json(e.value)
            for e in value.elements
        )
    if isinstance(value, cst.SimpleString):
        return string_value(value) is not None
    return not isinstance(value, cst.Tuple | cst.Set | cst.Lambda)


RULE = Rule(
    id="use_json_for_pickle",
    title="Exchange data as JSON instead of pickles",
    domain=Domain.SECURITY,
    safety="review",
    transformer=UseJsonForPickle,
    hints=("pickle", "dill"),
    cwe=(502,),
    bandit=("B301", "B403"),
    ruff=("S301", "S403"),
    codeql=("py/unsafe-deserialization",),
    words=("pickle", "deserialization", "deserialisation"),
)

VALID = (
    """\
import pickle
x = pickle.loads(y)
""",
    """\
import pickle
pickle.dumps({1, 2})
pickle.loads(y)
""",
)
INVALID = (
    (
        """\
import pickle

data = pickle.dumps({'a': 1})
back = pickle.loads(data)
""",
        """\
import json

data = json.dumps({'a': 1}).encode()
back = json.loads(data)
""",
    ),
    (
        """\
import pickle
with open(p, 'wb') as f:
    pickle.dump(rows, f)
with open(p, 'rb') as f:
    rows = pickle.load(f)
""",
        """\
import json
with open(p, 'wb') as f:
    f.write(json.dumps(rows).encode())
with open(p, 'rb') as f:
    rows = json.loads(f.read())
""",
    ),
)
