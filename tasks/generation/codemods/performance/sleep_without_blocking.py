"""Sleep without blocking the event loop.

What it does
    Turns `time.sleep(x)` directly inside an `async def` into `await asyncio.sleep(x)`.

Why it matters
    `time.sleep` stops the whole event loop: no other request, heartbeat or timeout is served meanwhile.

Example
    Before: time.sleep(1)
    After:  await asyncio.sleep(1)

When it does not apply
    The call sits in a nested plain function, a lambda or a comprehension, or is handed to a thread.

Fix safety
    hardening: other tasks run during the pause, as intended; state shared without a lock can change meanwhile.

References
    CWE-833; https://docs.python.org/3/library/asyncio-dev.html#running-blocking-code
"""

from __future__ import annotations

import libcst as cst

from tasks.generation.codemods.base import Codemod
from tasks.generation.codemods.model import Rule
from tasks.models import Domain


class SleepWithoutBlocking(Codemod):
    def leave_Expr(self, original_node: cst.Expr, updated_node: cst.Expr) -> cst.Expr:
        call = original_node.value
        if not isinstance(call, cst.Call) or not self.calls(call, {"time.sleep"}):
            return updated_node
        function = self.enclosing_function(original_node)
        if function is None or function.asynchronous is None:
            return updated_node
        func = self.name_for("asyncio.sleep")
        if not self.accept(call, "sleep on the event loop instead of blocking it"):
            return updated_node
        return updated_node.with_changes(
            value=cst.Await(cst.ensure_type(updated_node.value, cst.Call).with_changes(func=func))
        )


RULE = Rule(
    id="sleep_without_blocking",
    title="Sleep without blocking the event loop",
    domain=Domain.PERFORMANCE,
    safety="hardening",
    transformer=SleepWithoutBlocking,
    hints=("sleep",),
    cwe=(833,),
    ruff=("ASYNC251", "ASYNC101"),
    words=("event loop", "blocked", "blocking call", "slow callback", "health check", "heartbeat"),
)

VALID = (
    "import time\n\n\ndef f():\n    time.sleep(1)\n",
    "import time\n\n\nasync def f():\n    def g():\n        time.sleep(1)\n    await run(g)\n",
)
INVALID = (
    (
        "import time\n\n\nasync def poll():\n    time.sleep(0.5)  # be kind\n",
        "import asyncio\n\n\nasync def poll():\n    await asyncio.sleep(0.5)  # be kind\n",
    ),
    (
        "import time\nimport asyncio as aio\n\n\nasync def poll():\n    t = time.time()\n    time.sleep(delay)\n",
        "import time\nimport asyncio as aio\n\n\nasync def poll():\n    t = time.time()\n    await aio.sleep(delay)\n",
    ),
)
