"""Fetch related objects with the rows.

What it does
    In a loop over a Django queryset adds `prefetch_related("items")` where the body calls `row.items.all()`, and
    `select_related("author")` where it reads a field of `row.author` and the file declares `author` as a foreign
    key.

Why it matters
    Each row costs a query of its own: a page that lists 200 orders runs 201 queries.

Example
    Before: for o in Order.objects.all(): o.items.all()
    After:  for o in Order.objects.prefetch_related("items").all(): o.items.all()

When it does not apply
    The queryset prefetches already, or the loop filters the related objects.

Fix safety
    hardening: the same objects with fewer queries; related objects are read when the loop starts.

References
    CWE-1073; https://docs.djangoproject.com/en/stable/ref/models/querysets/#prefetch-related
"""

from __future__ import annotations

import re

import libcst as cst

from tasks.generation.codemods.base import Codemod
from tasks.generation.codemods.model import Rule
from tasks.generation.codemods.syntax import code_of, expr, own_nodes
from tasks.models import Domain

RELATED = re.compile(r"^(\w+)\.all\(\)$")


class PrefetchRelatedObjects(Codemod):
    def visit_Module(self, node: cst.Module) -> None:
        self._foreign = set(
            re.findall(r"^\s+(\w+)\s*=\s*models\.(?:ForeignKey|OneToOneField)\(", node.code, re.MULTILINE)
        )

    def leave_For(self, original_node: cst.For, updated_node: cst.For) -> cst.For:
        manager = _manager(original_node.iter)
        row = original_node.target.value if isinstance(original_node.target, cst.Name) else None
        if manager is None or row is None or "_related" in code_of(original_node.iter):
            return updated_node
        many, one = _related(original_node.body, row)
        one &= self._foreign
        if not (many or one) or not self.accept(original_node, "fetch the related objects with the rows"):
            return updated_node
        source: cst.BaseExpression = manager
        for method, names in (("select_related", one), ("prefetch_related", many)):
            if names:
                args = ", ".join(f'"{name}"' for name in sorted(names))
                source = expr(f"{code_of(source)}.{method}({args})")
        return updated_node.with_changes(iter=original_node.iter.deep_replace(manager, source))


def _manager(node: cst.BaseExpression) -> cst.BaseExpression | None:
    """`Model.objects` below the methods that are called on it."""
    while isinstance(node, cst.Call | cst.Attribute):
        if isinstance(node, cst.Attribute) and node.attr.value == "objects" and isinstance(node.value, cst.Name):
            return node
        node = node.func if isinstance(node, cst.Call) else node.value
    return None


def _related(body: cst.CSTNode, row: str) -> tuple[set[str], set[str]]:
    """Names of the row's related managers that are read whole, and of the objects whose fields are read."""
    many: set[str] = set()
    one: set[str] = set()
    for node in own_nodes(body):
        if isinstance(node, cst.Call) and not node.args and code_of(node).startswith(f"{row}."):
            match = RELATED.match(code_of(node)[len(row) + 1 :])
            if match:
                many.add(match[1])
        if isinstance(node, cst.Attribute) and isinstance(node.value, cst.Attribute):
            inner = node.value
            if isinstance(inner.value, cst.Name) and inner.value.value == row:
                one.add(inner.attr.value)
    return many, one


RULE = Rule(
    id="prefetch_related_objects",
    title="Fetch related objects with the rows",
    domain=Domain.DATABASE,
    safety="hardening",
    transformer=PrefetchRelatedObjects,
    hints=(".objects",),
    cwe=(1073,),
    words=("n+1", "n + 1", "too many queries", "many queries", "slow list", "queries per request"),
)

VALID = (
    """\
for o in Order.objects.prefetch_related('items'):
    o.items.all()
""",
    """\
for o in Order.objects.all():
    use(o.author.name)
""",
)
INVALID = (
    (
        """\
for o in Order.objects.filter(a=1):
    use(o.items.all())
""",
        """\
for o in Order.objects.prefetch_related("items").filter(a=1):
    use(o.items.all())
""",
    ),
    (
        """\
class Book(models.Model):
    author = models.ForeignKey(Author)


for b in Book.objects.all():
    use(b.author.name)
""",
        """\
class Book(models.Model):
    author = models.ForeignKey(Author)


for b in Book.objects.select_related("author").all():
    use(b.author.name)
""",
    ),
)
