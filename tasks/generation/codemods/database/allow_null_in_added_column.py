"""Add columns that old rows can have.

What it does
    In migrations gives an added column that must not be null and has no default `nullable=True` (Alembic) or
    `null=True` (Django).

Why it matters
    The migration fails on a table that has rows, or locks it while each row is rewritten; code that still runs in
    the old version cannot insert.

Example
    Before: op.add_column("t", sa.Column("c", sa.Text(), nullable=False))
    After:  op.add_column("t", sa.Column("c", sa.Text(), nullable=True))

When it does not apply
    A default or a server default is given, or the table is created by the migration.

Fix safety
    review: the column takes nulls until a later migration, after the rows were filled, forbids them.

References
    CWE-703; https://docs.djangoproject.com/en/stable/howto/writing-migrations/#migrations-that-add-unique-fields
"""

from __future__ import annotations

import libcst as cst

from tasks.generation.codemods.base import Codemod
from tasks.generation.codemods.model import Rule
from tasks.generation.codemods.syntax import code_of, dotted, keyword, with_keyword, with_value
from tasks.models import Domain


class AllowNullInAddedColumn(Codemod):
    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:
        name = (dotted(original_node.func) or "").rpartition(".")[2]
        if name == "add_column" and len(original_node.args) == 2:
            return self._alembic(original_node, updated_node)
        if name == "AddField":
            return self._django(original_node, updated_node)
        return updated_node

    def _alembic(self, original: cst.Call, updated: cst.Call) -> cst.Call:
        column = updated.args[1].value
        if not isinstance(column, cst.Call) or keyword(column, "server_default") is not None:
            return updated
        flag = keyword(column, "nullable")
        if flag is None or code_of(flag.value) != "False":
            return updated
        if not self.accept(original, "let rows that exist be without the new column"):
            return updated
        return with_value(updated, updated.args[1], with_keyword(column, "nullable", "True"))

    def _django(self, original: cst.Call, updated: cst.Call) -> cst.Call:
        given = keyword(updated, "field")
        field = given.value if given is not None else None
        if given is None or not isinstance(field, cst.Call) or "ManyToMany" in code_of(field.func):
            return updated
        if any(
            keyword(field, name) is not None for name in ("default", "null", "db_default", "auto_now", "auto_now_add")
        ):
            return updated
        if not self.accept(original, "let rows that exist be without the new field"):
            return updated
        return with_value(updated, given, with_keyword(field, "null", "True"))


RULE = Rule(
    id="allow_null_in_added_column",
    title="Add columns that old rows can have",
    domain=Domain.DATABASE,
    safety="review",
    transformer=AllowNullInAddedColumn,
    hints=("add_column", "AddField"),
    cwe=(703,),
    exceptions=("NotNullViolation", "IntegrityError"),
    words=("migration", "contains null values", "not null", "null value in column"),
)

VALID = (
    """\
op.add_column('t', sa.Column('c', sa.Text(), nullable=False, server_default=''))
""",
    """\
migrations.AddField('m', 'f', field=models.TextField(default=''))
""",
)
INVALID = (
    (
        """\
op.add_column('t', sa.Column('c', sa.Text(), nullable=False))
""",
        """\
op.add_column('t', sa.Column('c', sa.Text(), nullable=True))
""",
    ),
    (
        """\
x = [migrations.AddField(model_name='m', name='f', field=models.TextField())]
""",
        """\
x = [migrations.AddField(model_name='m', name='f', field=models.TextField(null=True))]
""",
    ),
)
