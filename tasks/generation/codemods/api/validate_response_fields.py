"""Check that a response has the fields that are read.

What it does
    After `data = response.json()` inserts a check that the answer is an object with the fields that the function
    reads by name without a default.

Why it matters
    An answer that lacks a field raises a bare `KeyError` or `TypeError` far from the request; the message says
    neither who answered nor what.

Example
    Before: data = response.json(); data["id"]
    After:  ... if not isinstance(data, dict) or not {"id"} <= data.keys(): raise ValueError(...)

When it does not apply
    The function tests the answer with `in`, `get`, `isinstance` or a `try`.

Fix safety
    review: answers without the fields raise `ValueError` at once, also where a branch would not have read them.

References
    CWE-20; https://docs.python.org/3/library/stdtypes.html#dict-views
"""

from __future__ import annotations

import re

import libcst as cst

from tasks.generation.codemods.base import Codemod
from tasks.generation.codemods.model import Rule
from tasks.generation.codemods.syntax import assigned_name, code_of, own_nodes, string_value
from tasks.models import Domain


class ValidateResponseFields(Codemod):
    def leave_SimpleStatementLine(
        self, original_node: cst.SimpleStatementLine, updated_node: cst.SimpleStatementLine
    ) -> cst.SimpleStatementLine | cst.FlattenSentinel[cst.BaseStatement]:
        pair = assigned_name(original_node)
        function = self.enclosing_function(original_node)
        if pair is None or function is None or not _reads_json(pair[1]):
            return updated_node
        name = pair[0]
        body = code_of(function.body)
        if re.search(rf"isinstance\({name}\b|\bin {name}\b|\b{name}\.get\(|\btry:|\b{name}\.keys\(", body):
            return updated_node
        fields = _fields_read(function.body, name)
        if not fields or not self.accept(original_node, f"check that the response has {', '.join(fields)}"):
            return updated_node
        wanted = "{" + ", ".join(f'"{field}"' for field in fields) + "}"
        code = (
            f"if not isinstance({name}, dict) or not {wanted} <= {name}.keys():\n"
            f'    raise ValueError("the response lacks one of {", ".join(fields)}")\n'
        )
        return cst.FlattenSentinel([updated_node, cst.parse_statement(code)])


def _reads_json(value: cst.BaseExpression) -> bool:
    call = value.expression if isinstance(value, cst.Await) else value
    is_json = isinstance(call, cst.Call) and isinstance(call.func, cst.Attribute) and call.func.attr.value == "json"
    return is_json and isinstance(call, cst.Call) and not call.args and "request" not in code_of(call.func).lower()


def _fields_read(body: cst.CSTNode, name: str) -> list[str]:
    found: dict[str, None] = {}
    for node in own_nodes(body):
        if not isinstance(node, cst.Subscript) or not isinstance(node.value, cst.Name) or node.value.value != name:
            continue
        index = node.slice[0].slice
        field = string_value(index.value) if isinstance(index, cst.Index) and len(node.slice) == 1 else None
        if field is None or not field.isidentifier():
            return []
        found[field] = None
    return list(found)


RULE = Rule(
    id="validate_response_fields",
    title="Check that a response has the fields that are read",
    domain=Domain.API,
    safety="review",
    transformer=ValidateResponseFields,
    hints=(".json()",),
    cwe=(20,),
    exceptions=("KeyError", "TypeError", "ValidationError"),
    words=("response validation", "missing field", "schema", "unexpected response", "malformed"),
)

VALID = (
    """\
def f(r):
    data = r.json()
    return data.get('x')
""",
    """\
def f(r):
    data = r.json()
    return data
""",
)
INVALID = (
    (
        """\
def f(r):
    data = r.json()
    return data['id'], data['name']
""",
        """\
def f(r):
    data = r.json()
    if not isinstance(data, dict) or not {"id", "name"} <= data.keys():
        raise ValueError("the response lacks one of id, name")
    return data['id'], data['name']
""",
    ),
)
