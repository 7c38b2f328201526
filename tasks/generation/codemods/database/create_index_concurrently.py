"""Create indexes without blocking writes.

What it does
    Gives Alembic's `op.create_index` and `op.drop_index` `postgresql_concurrently=True` inside
    `op.get_context().autocommit_block()`, in migrations of PostgreSQL.

Why it matters
    PostgreSQL refuses writes to the table until a plain `CREATE INDEX` is done, which takes minutes on a large
    table.

Example
    Before: op.create_index("ix", "t", ["c"])
    After:  with op.get_context().autocommit_block(): op.create_index(..., postgresql_concurrently=True)

When it does not apply
    The option is given, or the table is created in the same file.

Fix safety
    review: the statement runs outside the transaction of the migration; when it fails it leaves an invalid index
    behind.

References
    CWE-833; https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY
"""

from __future__ import annotations

import libcst as cst

from tasks.generation.codemods.base import Codemod
from tasks.generation.codemods.model import Rule
from tasks.generation.codemods.syntax import dotted, expr, has_star, keyword, simple, with_keyword
from tasks.models import Domain


class CreateIndexConcurrently(Codemod):
    def visit_Module(self, node: cst.Module) -> None:
        self._creates = "create_table(" in node.code or "alembic" not in node.code

    def leave_SimpleStatementLine(
        self, original_node: cst.SimpleStatementLine, updated_node: cst.SimpleStatementLine
    ) -> cst.BaseStatement:
        small = simple(updated_node)
        call = small.value if isinstance(small, cst.Expr) else None
        if self._creates or not isinstance(call, cst.Call) or has_star(call):
            return updated_node
        if dotted(call.func) not in ("op.create_index", "op.drop_index"):
            return updated_node
        if keyword(call, "postgresql_concurrently") is not None:
            return updated_node
        if not self.accept(original_node, "create the index without blocking writes"):
            return updated_node
        line = updated_node.with_changes(
            body=[cst.Expr(with_keyword(call, "postgresql_concurrently", "True"))], leading_lines=()
        )
        block = expr("op.get_context().autocommit_block()")
        return cst.With([cst.WithItem(block)], cst.IndentedBlock([line]), leading_lines=updated_node.leading_lines)


RULE = Rule(
    id="create_index_concurrently",
    title="Create indexes without blocking writes",
    domain=Domain.DATABASE,
    safety="review",
    transformer=CreateIndexConcurrently,
    hints=("_index(",),
    cwe=(833,),
    exceptions=("LockNotAvailable", "QueryCanceled"),
    words=("migration", "lock timeout", "blocked writes", "create index"),
)

VALID = (
    """\
from alembic import op
op.create_table('t')
op.create_index('i', 't', ['c'])
""",
)
INVALID = (
    (
        """\
from alembic import op


def upgrade():
    op.create_index('i', 't', ['c'])  # new
""",
        """\
from alembic import op


def upgrade():
    with op.get_context().autocommit_block():
        op.create_index('i', 't', ['c'], postgresql_concurrently=True)  # new
""",
    ),
)
