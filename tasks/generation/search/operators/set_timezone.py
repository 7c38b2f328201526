"""A naive time made aware, in the way the file spells its zones."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tasks.generation.search.operators.definition import operator
from tasks.generation.search.scope import Change, Scope


@operator(
    ast.Call,
    examples=(
        (
            "from datetime import datetime, timezone\ndef f():\n    return datetime.now()\n",
            "from datetime import datetime, timezone\ndef f():\n    return datetime.now(timezone.utc)\n",
        ),
        (
            "from datetime import datetime, timezone\ndef f(t):\n    return datetime.strptime(t, '%Y')\n",
            "from datetime import datetime, timezone\n"
            "def f(t):\n    return datetime.strptime(t, '%Y').replace(tzinfo=timezone.utc)\n",
        ),
    ),
)
def set_timezone(node: ast.Call, scope: Scope) -> Iterator[Change]:
    if not isinstance(node.func, ast.Attribute):
        return
    zones = ["timezone.utc"] if "timezone" in scope.imported else []
    zones += ["datetime.timezone.utc"] if "datetime" in scope.imported and "timezone" not in scope.imported else []
    zones += ["dt.timezone.utc"] if "dt" in scope.imported else []
    end = scope.file.span(node)[1] - 1
    for zone in [*zones, *(name for name in scope.parameters if name in ("tz", "tzinfo", "timezone"))]:
        if node.func.attr == "now" and not node.args:
            yield scope.span_edit(end, end, zone, 1.5)
        elif node.func.attr == "fromtimestamp" and len(node.args) == 1:
            yield scope.span_edit(end, end, f", {zone}", 1.5)
        elif node.func.attr == "utcnow":
            yield scope.replace(node, f"{scope.text(node.func.value)}.now({zone})", 1.5)
        elif node.func.attr in ("strptime", "fromisoformat", "datetime", "combine"):
            yield scope.replace(node, f"{scope.text(node)}.replace(tzinfo={zone})", 1.0)
