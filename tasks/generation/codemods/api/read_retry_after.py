"""Read the Retry-After header as it can come.

What it does
    Turns `time.sleep(response.headers["Retry-After"])`, with or without `int()` or `float()`, into a sleep of the
    header's seconds, or one second when the header is missing.

Why it matters
    The header is text and may be absent: `sleep` of a text raises `TypeError`, reading a missing one `KeyError`,
    and the retry that should save the request fails.

Example
    Before: time.sleep(r.headers["Retry-After"])
    After:  time.sleep(float(r.headers.get("Retry-After", 1)))

When it does not apply
    The header is looked at with a default and converted.

Fix safety
    hardening: the form with a date, which is rare, still raises `ValueError`.

References
    CWE-755; https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
"""

from __future__ import annotations

import libcst as cst

from tasks.generation.codemods.base import Codemod
from tasks.generation.codemods.model import Rule
from tasks.generation.codemods.syntax import code_of, string_value, with_value
from tasks.models import Domain

SLEEPS = {"time.sleep", "asyncio.sleep"}


class ReadRetryAfter(Codemod):
    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:
        if not self.calls(original_node, SLEEPS) or len(original_node.args) != 1:
            return updated_node
        inner, converted = _unwrapped(original_node.args[0].value)
        headers, has_default = _headers(inner)
        if headers is None or (converted and has_default):
            return updated_node
        if not self.accept(original_node, "read the Retry-After header as it can come"):
            return updated_node
        return with_value(updated_node, updated_node.args[0], f'float({headers}.get("Retry-After", 1))')


def _unwrapped(value: cst.BaseExpression) -> tuple[cst.BaseExpression, bool]:
    if isinstance(value, cst.Call) and code_of(value.func) in ("int", "float") and len(value.args) == 1:
        return value.args[0].value, True
    return value, False


def _headers(value: cst.BaseExpression) -> tuple[str | None, bool]:
    """The mapping whose Retry-After is read, and whether a default is given."""
    if isinstance(value, cst.Subscript) and len(value.slice) == 1 and isinstance(value.slice[0].slice, cst.Index):
        key = string_value(value.slice[0].slice.value)
        return (code_of(value.value), False) if (key or "").lower() == "retry-after" else (None, False)
    func = value.func if isinstance(value, cst.Call) else None
    if isinstance(func, cst.Attribute) and isinstance(value, cst.Call) and func.attr.value == "get" and value.args:
        key = string_value(value.args[0].value)
        return (code_of(func.value), len(value.args) > 1) if (key or "").lower() == "retry-after" else (None, False)
    return None, False


RULE = Rule(
    id="read_retry_after",
    title="Read the Retry-After header as it can come",
    domain=Domain.API,
    safety="hardening",
    transformer=ReadRetryAfter,
    hints=("etry-",),
    cwe=(755,),
    exceptions=("KeyError", "TypeError"),
    words=("retry-after", "rate limit", "too many requests", "429"),
)

VALID = (
    """\
import time
time.sleep(int(r.headers.get('Retry-After', 5)))
""",
)
INVALID = (
    (
        """\
import time
time.sleep(r.headers['Retry-After'])
""",
        """\
import time
time.sleep(float(r.headers.get("Retry-After", 1)))
""",
    ),
    (
        """\
from time import sleep
sleep(int(resp.headers['retry-after']))
""",
        """\
from time import sleep
sleep(float(resp.headers.get("Retry-After", 1)))
""",
    ),
)
