"""Roll the transaction back when a statement fails.

What it does
    In a `try` that commits on a connection or session, adds `rollback()` on the same object to each handler that
    neither rolls back nor re-raises.

Why it matters
    After a failed statement PostgreSQL and SQLAlchemy refuse all further work ("current transaction is aborted",
    `PendingRollbackError`), and half-written rows may be committed by the next caller.

Example
    Before: except IntegrityError: return None
    After:  except IntegrityError: session.rollback(); return None      (on lines of their own)

When it does not apply
    The object is not named as a connection or session, is used as a context manager, a rollback is in `finally`, or
    the handler calls something that may do it.

Fix safety
    hardening: changes what is kept only after an error.

References
    CWE-460; https://docs.sqlalchemy.org/en/20/orm/session_basics.html#rolling-back
"""

from __future__ import annotations

import re

import libcst as cst

from tasks.generation.codemods.base import Codemod
from tasks.generation.codemods.model import Rule
from tasks.generation.codemods.syntax import code_of, descendants, dotted
from tasks.models import Domain

DATABASE = re.compile(r"(conn|connection|cnx|session|db|database|transaction)$", re.IGNORECASE)


class RollBackOnError(Codemod):
    def leave_Try(self, original_node: cst.Try, updated_node: cst.Try) -> cst.Try:
        owner, is_async = _committed(original_node.body)
        if owner is None or not DATABASE.search(owner) or "rollback" in code_of(original_node):
            return updated_node
        if not original_node.handlers or not any(_swallows(h) for h in original_node.handlers):
            return updated_node
        if not self.accept(original_node, f"roll {owner!r} back when the transaction fails"):
            return updated_node
        line = f"{'await ' if is_async else ''}{owner}.rollback()"
        return updated_node.with_changes(
            handlers=[
                _with_first(new, line) if _swallows(old) else new
                for old, new in zip(original_node.handlers, updated_node.handlers, strict=True)
            ]
        )


def _committed(body: cst.BaseSuite) -> tuple[str | None, bool]:
    """The object whose `commit()` is called directly in the body, and whether it is awaited."""
    for statement in body.body:
        small = statement.body[0] if isinstance(statement, cst.SimpleStatementLine) else None
        value = small.value if isinstance(small, cst.Expr) else None
        is_async = isinstance(value, cst.Await)
        call = value.expression if isinstance(value, cst.Await) else value
        if isinstance(call, cst.Call) and isinstance(call.func, cst.Attribute) and call.func.attr.value == "commit":
            return dotted(call.func.value), is_async
    return None, False


def _swallows(handler: cst.ExceptHandler) -> bool:
    return not any(isinstance(node, cst.Raise) for node in descendants(handler.body))


def _with_first(handler: cst.ExceptHandler, line: str) -> cst.ExceptHandler:
    if not isinstance(handler.body, cst.IndentedBlock):
        return handler
    statements = handler.body.body
    first = cst.parse_statement(line)
    only_pass = len(statements) == 1 and code_of(statements[0]).strip() == "pass"
    rest = () if only_pass else statements
    return handler.with_changes(body=handler.body.with_changes(body=[first, *rest]))


RULE = Rule(
    id="roll_back_on_error",
    title="Roll the transaction back when a statement fails",
    domain=Domain.DATABASE,
    safety="hardening",
    transformer=RollBackOnError,
    hints=(".commit()",),
    cwe=(460,),
    exceptions=("PendingRollbackError", "InFailedSqlTransaction", "InternalError", "InvalidRequestError"),
    words=("current transaction is aborted", "rollback", "pendingrollback", "transaction has been rolled back"),
)

VALID = (
    "try:\n    s.add(x)\n    s.commit()\nexcept E:\n    s.rollback()\n",
    "try:\n    s.commit()\nexcept E:\n    raise\n",
)
INVALID = (
    (
        "def save(session, row):\n    try:\n        session.add(row)\n        session.commit()\n"
        "    except IntegrityError:\n        # seen before\n        return None\n",
        "def save(session, row):\n    try:\n        session.add(row)\n        session.commit()\n"
        "    except IntegrityError:\n        session.rollback()\n        # seen before\n        return None\n",
    ),
    (
        "try:\n    conn.execute(q)\n    conn.commit()\nexcept Exception:\n    pass\n",
        "try:\n    conn.execute(q)\n    conn.commit()\nexcept Exception:\n    conn.rollback()\n",
    ),
)
