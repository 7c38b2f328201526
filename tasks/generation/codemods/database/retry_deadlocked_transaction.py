"""Run a deadlocked transaction again.

What it does
    Wraps `with transaction.atomic():` (Django) and `with session.begin():` or `with engine.begin() as c:`
    (SQLAlchemy) in a loop of three attempts that waits a growing time after `OperationalError`.

Why it matters
    A database breaks a deadlock by ending one transaction; it expects the client to run that one again.

Example
    Before: with transaction.atomic(): move()
    After:  for attempt in range(3): try: ... except OperationalError: ...

When it does not apply
    The block returns, yields, breaks or continues, or a loop with a handler stands around it already.

Fix safety
    review: effects outside the database that the block has happen again with each attempt.

References
    CWE-833; https://www.postgresql.org/docs/current/mvcc-serialization-failure-handling.html
"""

from __future__ import annotations

import re

import libcst as cst

from tasks.generation.codemods.base import Codemod
from tasks.generation.codemods.model import Rule
from tasks.generation.codemods.syntax import code_of, own_nodes
from tasks.models import Domain

SOURCES = {"django": "django.db.OperationalError", "sqlalchemy": "sqlalchemy.exc.OperationalError"}
BLOCK = re.compile(r"^(transaction\.atomic|[\w.]*(session|Session|engine)\.begin)\(\)$")


class RetryDeadlockedTransaction(Codemod):
    def leave_With(self, original_node: cst.With, updated_node: cst.With) -> cst.BaseStatement:
        package = next((name for name in SOURCES if name in self.imports.packages), None)
        if package is None or len(original_node.items) != 1 or original_node.asynchronous is not None:
            return updated_node
        if not BLOCK.match(code_of(original_node.items[0].item)) or not self.wanted(original_node):
            return updated_node
        leaves = (cst.Return, cst.Yield, cst.Break, cst.Continue)
        if any(isinstance(node, leaves) for node in own_nodes(original_node.body)):
            return updated_node
        if any(isinstance(above, cst.For | cst.While | cst.Try) for above in self.ancestors(original_node)):
            return updated_node
        module, _, name = SOURCES[package].rpartition(".")
        error = code_of(self.import_name(module, name))
        sleep = code_of(self.name_for("time.sleep"))
        self.accept(original_node, "run the transaction again when the database ended it")
        code = (
            f"for attempt in range(3):\n    try:\n        pass\n        break\n    except {error}:\n"
            f"        if attempt == 2:\n            raise\n        {sleep}(0.1 * 2**attempt)\n"
        )
        loop = cst.ensure_type(cst.parse_statement(code), cst.For)
        attempt = cst.ensure_type(loop.body.body[0], cst.Try)
        block = updated_node.with_changes(leading_lines=())
        inner = attempt.body.with_changes(body=[block, *attempt.body.body[1:]])
        body = loop.body.with_changes(body=[attempt.with_changes(body=inner)])
        return loop.with_changes(body=body, leading_lines=updated_node.leading_lines)


RULE = Rule(
    id="retry_deadlocked_transaction",
    title="Run a deadlocked transaction again",
    domain=Domain.DATABASE,
    safety="review",
    transformer=RetryDeadlockedTransaction,
    hints=("atomic(", "begin("),
    cwe=(833,),
    exceptions=("DeadlockDetected", "SerializationFailure"),
    words=("deadlock", "serialization failure", "could not serialize", "lock wait timeout", "1213", "40p01"),
)

VALID = (
    """\
from django.db import transaction
for x in y:
    with transaction.atomic():
        v = f()
""",
    """\
with session.begin():
    f()
""",
)
INVALID = (
    (
        """\
from django.db import transaction


def move():
    # both
    with transaction.atomic():
        a.save()
""",
        """\
import time

from django.db import OperationalError, transaction


def move():
    # both
    for attempt in range(3):
        try:
            with transaction.atomic():
                a.save()
            break
        except OperationalError:
            if attempt == 2:
                raise
            time.sleep(0.1 * 2**attempt)
""",
    ),
)
