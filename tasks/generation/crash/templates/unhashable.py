"""A list, dict or set where a value must be hashed: in a set, or as the key of a mapping.

What it does: turns a set of what was seen into a list, or hashes a form of the value that can be hashed.

    before    seen = set()
              ...
              seen.add(value)
    after     seen = []
              ...
              seen.append(value)
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tasks.generation.crash.project import called_name
from tasks.generation.crash.proposal import Proposal, change
from tasks.generation.crash.site import CrashSite, Place
from tasks.generation.crash.source import SourceFile, Splice, walk_function


def propose(site: CrashSite) -> Iterator[Proposal]:
    place, message = site.raising, site.error.message
    found = re.search(r"unhashable type: '(\w+)'", message)
    function = place.function
    if found is None:
        found = re.search(r"cannot use '(\w+)' as a (?:set element|dict key)", message)
    if found is None or function is None:
        return
    yield from _list_instead_of_set(place, function)
    for key in _hashed(place):
        text = place.source.code(key)
        forms = [(f"repr({text})", 0.45)]
        if found.group(1) == "list":
            forms.insert(0, (f"tuple({text})", 0.6))
        elif found.group(1) == "dict":
            forms.insert(0, (f"tuple(sorted({text}.items()))", 0.55))
        elif found.group(1) == "set":
            forms.insert(0, (f"frozenset({text})", 0.7))
        for form, confidence in forms:
            words = f"`{form}` can be hashed."
            yield change("hashable_form", place.source, place.source.replace(key, form), confidence, words)


def _hashed(place: Place) -> list[ast.expr]:
    node = place.node
    if isinstance(node, ast.Subscript):
        return [node.slice]
    if isinstance(node, ast.Compare):
        return [node.left]
    if isinstance(node, ast.Call) and node.args:
        return [node.args[0]]
    return []


def _list_instead_of_set(place: Place, function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[Proposal]:
    """`seen = set()` with `add` becomes a list with `append`: slower, and right for any value."""
    node = place.node
    box = node.comparators[0] if isinstance(node, ast.Compare) else None
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "add":
        box = node.func.value
    if not isinstance(box, ast.Name):
        return
    source = place.source
    splices = [splice for inner in walk_function(function) for splice in _as_list(source, inner, box.id)]
    if len(splices) >= 2:
        yield change("list_of_seen", source, splices, 0.75, "What was seen is compared, not hashed.")


def _as_list(source: SourceFile, node: ast.AST, name: str) -> list[Splice]:
    """What must change at `node` for the set `name` to be a list."""
    if isinstance(node, ast.Assign) and any(ast.unparse(target) == name for target in node.targets):
        is_set = isinstance(node.value, ast.Call) and called_name(node.value) == "set" and not node.value.args
        return [source.replace(node.value, "[]")] if is_set else []
    if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == name and node.value is not None:
        annotation = source.code(node.annotation).replace("set", "list")
        return [source.replace(node.value, "[]"), source.replace(node.annotation, annotation)]
    if isinstance(node, ast.Call) and ast.unparse(node.func) == f"{name}.add":
        end = source.span(node.func)[1]
        return [Splice(end - len("add"), end, "append")]
    return []
