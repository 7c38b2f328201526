"""Wait longer after each failed attempt.

What it does
    In a `for attempt in range(n)` loop with a `try`, turns a fixed `time.sleep(1)` (or `asyncio.sleep`) of the
    handler into exponential backoff with jitter, capped at a minute.

Why it matters
    Clients that failed together retry together: without growing, scattered pauses they keep a struggling service
    down.

Example
    Before: time.sleep(1)
    After:  time.sleep(min(60, 1 * 2**attempt) + random.SystemRandom().random())

When it does not apply
    The pause depends on a variable already, or the loop has no counter.

Fix safety
    hardening: later attempts come later; the number of attempts stays.

References
    CWE-400; https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/
"""

from __future__ import annotations

import libcst as cst

from tasks.generation.codemods.base import Codemod
from tasks.generation.codemods.model import Rule
from tasks.generation.codemods.syntax import code_of, with_value
from tasks.models import Domain

SLEEPS = {"time.sleep", "asyncio.sleep"}


class BackOffBetweenRetries(Codemod):
    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:
        if not self.calls(original_node, SLEEPS) or len(original_node.args) != 1:
            return updated_node
        pause = original_node.args[0].value
        counter = self._counter(original_node)
        if (
            counter is None
            or not isinstance(self.constant(pause), cst.Integer | cst.Float)
            or not self.wanted(original_node)
        ):
            return updated_node
        jitter = code_of(self.name_for("random.SystemRandom"))
        self.accept(original_node, "wait longer after each failed attempt, with jitter")
        code = f"min(60, {code_of(pause)} * 2**{counter}) + {jitter}().random()"
        return with_value(updated_node, updated_node.args[0], code)

    def _counter(self, call: cst.Call) -> str | None:
        """The counter of the retry loop whose exception handler the call sits in."""
        in_handler = False
        for above in self.ancestors(call):
            if isinstance(above, cst.ExceptHandler):
                in_handler = True
            elif isinstance(above, cst.For):
                steps = above.iter
                counts = isinstance(steps, cst.Call) and bool(self.calls(steps, {"range"}))
                named = isinstance(above.target, cst.Name) and above.target.value != "_"
                return code_of(above.target) if in_handler and counts and named else None
            elif isinstance(above, cst.While | cst.FunctionDef):
                return None
        return None


RULE = Rule(
    id="back_off_between_retries",
    title="Wait longer after each failed attempt",
    domain=Domain.API,
    safety="hardening",
    transformer=BackOffBetweenRetries,
    hints=("sleep",),
    cwe=(400,),
    exceptions=("ConnectionError", "MaxRetryError", "TooManyRequests"),
    words=("retry", "thundering herd", "rate limit", "too many requests", "429", "overload"),
)

VALID = (
    """\
import time
for _ in range(3):
    try:
        f()
    except E:
        time.sleep(1)
""",
    """\
import time
for i in xs:
    time.sleep(1)
""",
)
INVALID = (
    (
        """\
import time

for attempt in range(3):
    try:
        f()
        break
    except OSError:
        time.sleep(2)  # again
""",
        """\
import random
import time

for attempt in range(3):
    try:
        f()
        break
    except OSError:
        time.sleep(min(60, 2 * 2**attempt) + random.SystemRandom().random())  # again
""",
    ),
)
