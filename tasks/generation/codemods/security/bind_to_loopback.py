"""Listen on the loopback interface.

What it does
    Replaces the literal address 0.0.0.0 (and ::) in `socket.bind((...))` and in `app.run(host=...)` by that of
    the loopback interface.

Why it matters
    A service that listens on every interface is reachable from every network that the machine touches.

Example
    Before: sock.bind(("0.0.0.0", 80))
    After:  sock.bind(("127.0.0.1", 80))

When it does not apply
    The address is a variable.

Fix safety
    review: clients on other machines, and those of a container, no longer reach the service.

References
    CWE-605; https://docs.python.org/3/library/socket.html
"""

from __future__ import annotations

import libcst as cst

from tasks.generation.codemods.base import Codemod
from tasks.generation.codemods.model import Rule
from tasks.generation.codemods.syntax import expr, keyword, string_value, with_keyword, with_value
from tasks.models import Domain

EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}


class BindToLoopback(Codemod):
    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:
        func = original_node.func
        if not isinstance(func, cst.Attribute) or not original_node.args:
            return updated_node
        host = keyword(original_node, "host") if func.attr.value == "run" else None
        first = original_node.args[0].value
        if func.attr.value == "bind" and isinstance(first, cst.Tuple) and len(first.elements) == 2:
            return self._bound_tuple(original_node, updated_node, first)
        address = string_value(host.value) if host is not None else None
        if address not in ("0.0.0.0", "::") or not self.accept(original_node, "listen on the loopback interface"):
            return updated_node
        return with_keyword(updated_node, "host", f'"{EVERYWHERE[address]}"')

    def _bound_tuple(self, original: cst.Call, updated: cst.Call, place: cst.Tuple) -> cst.Call:
        address = string_value(place.elements[0].value)
        if address not in EVERYWHERE or not self.accept(original, "listen on the loopback interface"):
            return updated
        new = place.elements[0].with_changes(value=expr(repr(EVERYWHERE[address])))
        return with_value(updated, updated.args[0], place.with_changes(elements=[new, place.elements[1]]))


RULE = Rule(
    id="bind_to_loopback",
    title="Listen on the loopback interface",
    domain=Domain.SECURITY,
    safety="review",
    transformer=BindToLoopback,
    hints=("0.0.0.0", "bind(", "::"),
    cwe=(605,),
    bandit=("B104",),
    ruff=("S104",),
    codeql=("py/bind-socket-all-network-interfaces",),
    words=("all interfaces", "exposed port"),
)

VALID = (
    """\
s.bind((host, 80))
""",
    """\
app.run(host=HOST)
""",
)
INVALID = (
    (
        """\
s.bind(('0.0.0.0', 80))
""",
        """\
s.bind(('127.0.0.1', 80))
""",
    ),
    (
        """\
app.run(port=80, host='0.0.0.0')
""",
        """\
app.run(port=80, host="127.0.0.1")
""",
    ),
)
