"""Iterate over table rows as tuples.

What it does
    Turns `for _, row in df.iterrows()` whose body only reads columns with plain names (`row["price"]`) into `for
    row in df.itertuples(index=False)` with `row.price`.

Why it matters
    `iterrows` builds a Series for each row: some fifty times slower than tuples.

Example
    Before: for _, r in df.iterrows(): use(r["a"])
    After:  for r in df.itertuples(index=False): use(r.a)

When it does not apply
    The index is used, the row is handed on as a whole or changed, or a column name is no identifier.

Fix safety
    hardening: values keep the type of their column, where `iterrows` gives all of a row one type.

References
    CWE-1050; https://pandas.pydata.org/docs/reference/api/pandas.DataFrame.itertuples.html
"""

from __future__ import annotations

import keyword as keyword_module

import libcst as cst

from tasks.generation.codemods.base import Codemod
from tasks.generation.codemods.model import Rule
from tasks.generation.codemods.syntax import descendants, string_value, uses_name, with_keyword
from tasks.models import Domain


class IterateRowsAsTuples(Codemod):
    def leave_For(self, original_node: cst.For, updated_node: cst.For) -> cst.For:
        call, target = original_node.iter, original_node.target
        if not isinstance(call, cst.Call) or not isinstance(call.func, cst.Attribute) or call.args:
            return updated_node
        if call.func.attr.value != "iterrows" or not isinstance(target, cst.Tuple) or len(target.elements) != 2:
            return updated_node
        index, row = target.elements[0].value, target.elements[1].value
        if (
            not isinstance(index, cst.Name)
            or not isinstance(row, cst.Name)
            or uses_name(original_node.body, {index.value})
        ):
            return updated_node
        if not _only_reads_columns(original_node.body, row.value):
            return updated_node
        if not self.accept(original_node, "iterate over the rows as tuples"):
            return updated_node
        fresh = cst.Call(call.func.with_changes(attr=cst.Name("itertuples")))
        changed = cst.ensure_type(updated_node.visit(_ColumnAsAttribute(row.value)), cst.For)
        return changed.with_changes(target=row, iter=with_keyword(fresh, "index", "False"))


def _column(node: cst.CSTNode, row: str) -> str | None:
    if not isinstance(node, cst.Subscript) or not isinstance(node.value, cst.Name) or node.value.value != row:
        return None
    index = node.slice[0].slice
    text = string_value(index.value) if isinstance(index, cst.Index) and len(node.slice) == 1 else None
    plain = text is not None and text.isidentifier() and not text.startswith("_") and not keyword_module.iskeyword(text)
    return text if plain and text not in ("count", "index") else None


def _only_reads_columns(body: cst.CSTNode, row: str) -> bool:
    uses = sum(isinstance(n, cst.Name) and n.value == row for n in descendants(body))
    reads = sum(_column(n, row) is not None for n in descendants(body))
    written = any(
        isinstance(n, cst.AssignTarget | cst.AugAssign | cst.Del) and uses_name(n.target, {row})
        for n in descendants(body)
    )
    return uses > 0 and uses == reads and not written


class _ColumnAsAttribute(cst.CSTTransformer):
    def __init__(self, row: str) -> None:
        super().__init__()
        self.row = row

    def leave_Subscript(self, original_node: cst.Subscript, updated_node: cst.Subscript) -> cst.BaseExpression:
        name = _column(updated_node, self.row)
        return updated_node if name is None else cst.Attribute(updated_node.value, cst.Name(name))


RULE = Rule(
    id="iterate_rows_as_tuples",
    title="Iterate over table rows as tuples",
    domain=Domain.PERFORMANCE,
    safety="hardening",
    transformer=IterateRowsAsTuples,
    hints=("iterrows",),
    cwe=(1050,),
    ruff=("PD",),
    words=("slow", "pandas", "iterrows", "dataframe", "takes too long", "high cpu"),
)

VALID = (
    """\
for i, r in df.iterrows():
    use(i, r['a'])
""",
    """\
for _, r in df.iterrows():
    use(r)
""",
    """\
for _, r in df.iterrows():
    use(r['a b'])
""",
)
INVALID = (
    (
        """\
for _, r in df.iterrows():  # all
    use(r['a'] + r['b'])
""",
        """\
for r in df.itertuples(index=False):  # all
    use(r.a + r.b)
""",
    ),
)
