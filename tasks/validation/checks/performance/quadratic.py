"""Work that grows with the square of the input where a set, a dict or one pass would do."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tasks.models import Level, ValidationIssue
from tasks.validation.change import House
from tasks.validation.source import Source

Loop = ast.For | ast.AsyncFor


def check_quadratic(source: Source, house: House) -> Iterator[ValidationIssue]:
    severity = "info" if source.is_test else "error"
    for node in source.nodes:
        found = _nested_over_same(node, source) or _list_scan(node, source) or _counts_itself(node)
        if found:
            message, suggestion = found
            yield source.issue(Level.PERFORMANCE, "quadratic", severity, node, message, suggestion)


def _nested_over_same(node: ast.AST, source: Source) -> tuple[str, str] | None:
    """`for a in xs: for b in xs:` and the same with range(len(xs)), when the inner loop looks for something."""
    if not isinstance(node, Loop):
        return None
    outer = _walked(node.iter)
    if outer in source.iterators:
        return None
    for inner in ast.walk(node):
        if inner is node or not isinstance(inner, Loop) or not outer:
            continue
        if _walked(inner.iter) == outer and not _rebinds(node, outer):
            return f"loops over {outer} inside a loop over {outer}", "index it once in a dict or set"
    return None


def _walked(iterable: ast.expr) -> str:
    """The name of what is walked: of `xs`, `range(len(xs))` and `enumerate(xs)` it is `xs`."""
    if isinstance(iterable, ast.Call) and isinstance(iterable.func, ast.Name) and iterable.args:
        if iterable.func.id in {"range", "len", "enumerate", "list", "reversed", "sorted"}:
            if iterable.func.id == "range":  # of a number it counts; of a length it walks
                return _walked(iterable.args[-1]) if isinstance(iterable.args[-1], ast.Call) else ""
            return _walked(iterable.args[0])
        return ""
    if isinstance(iterable, ast.Name | ast.Attribute):
        return ast.unparse(iterable)
    return ""


def _rebinds(loop: ast.AST, name: str) -> bool:
    return any(
        isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Store) and ast.unparse(node) == name
        for node in ast.walk(loop)
    )


def _list_scan(node: ast.AST, source: Source) -> tuple[str, str] | None:
    """`if x not in seen` in a loop that appends to the list `seen`."""
    if not isinstance(node, ast.Compare) or not isinstance(node.ops[0], ast.In | ast.NotIn):
        return None
    box = node.comparators[0]
    function = source.function_around(node)
    if not isinstance(box, ast.Name) or function is None or not _starts_as_list(function, box.id):
        return None
    for loop in source.ancestors(node):
        if isinstance(loop, Loop | ast.While) and _appends(loop, box.id):
            return f"searches the list {box.id!r} in every round of a loop that fills it", "keep a set beside it"
        if loop is function:
            break
    return None


def _counts_itself(node: ast.AST) -> tuple[str, str] | None:
    """`for x in xs: xs.count(x)`, and the same in a comprehension."""
    if isinstance(node, Loop):
        walked, inside = _walked(node.iter), [part for item in node.body for part in ast.walk(item)]
    elif isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp):
        walked = _walked(node.generators[0].iter)
        inside = [part for part in ast.walk(node) if part is not node.generators[0].iter]
    else:
        return None
    for part in inside:
        if not isinstance(part, ast.Call) or not isinstance(part.func, ast.Attribute):
            continue
        if walked and part.func.attr in {"count", "index"} and ast.unparse(part.func.value) == walked:
            return (
                f"searches all of {walked} for each item of it",
                "count once with collections.Counter, or enumerate",
            )
    return None


def _starts_as_list(function: ast.AST, name: str) -> bool:
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == name for t in node.targets):
            return isinstance(node.value, ast.List) and not node.value.elts
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id == name:
            return isinstance(node.value, ast.List) and not node.value.elts
    return False


def _appends(loop: ast.AST, name: str) -> bool:
    return any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"append", "insert", "extend"}
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == name
        for node in ast.walk(loop)
    )
