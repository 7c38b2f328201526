"""A default argument that all calls share and some change.

What it does: the default becomes None, and the function makes a collection of its own. Applies to any exception: what
is left in the shared collection shows up as a duplicate, a wrong count, or a stale entry.

    before    def __init__(self, title, tags=[]):
    after     def __init__(self, title, tags=None):
                  if tags is None:
                      tags = []
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tasks.generation.crash.proposal import Proposal, change
from tasks.generation.crash.site import CrashSite
from tasks.generation.crash.source import Function, SourceFile, Splice


def propose(site: CrashSite) -> Iterator[Proposal]:
    for source in {place.source.path: place.source for place in site.places}.values():
        for function in source.functions:
            for argument, default in _defaults(function):
                if isinstance(default, ast.List | ast.Dict | ast.Set) or _makes_collection(default):
                    yield _own_collection(source, function, argument, default)
        yield from _shared_class_attributes(source)


def _defaults(function: Function) -> list[tuple[ast.arg, ast.expr]]:
    listed = [*function.args.posonlyargs, *function.args.args]
    pairs = list(zip(listed[len(listed) - len(function.args.defaults) :], function.args.defaults, strict=True))
    keyword_only = zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True)
    return [*pairs, *((argument, default) for argument, default in keyword_only if default is not None)]


def _makes_collection(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("list", "dict", "set", "deque")
    )


def _own_collection(source: SourceFile, function: Function, argument: ast.arg, default: ast.expr) -> Proposal:
    name, text = argument.arg, source.code(default)
    splices = [source.replace(default, "None")]
    if argument.annotation is not None and "None" not in source.code(argument.annotation):
        end = source.span(argument.annotation)[1]
        splices.append(Splice(end, end, " | None"))
    documented = ast.get_docstring(function, clean=False) is not None
    lines = [f"if {name} is None:", f"{source.indent_unit}{name} = {text}"]
    if documented and len(function.body) == 1:
        splices.append(source.insert_after(function.body[0], lines))
    else:
        splices.append(source.insert_before(function.body[1 if documented else 0], lines))
    return change("mutable_default", source, splices, 0.9, f"Each call of {function.name} gets a `{name}` of its own.")


def _shared_class_attributes(source: SourceFile) -> Iterator[Proposal]:
    """A list or dict in the class body that methods change through `self`."""
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.ClassDef) or any("dataclass" in ast.unparse(d) for d in node.decorator_list):
            continue
        inits = [item for item in node.body if isinstance(item, ast.FunctionDef) and item.name == "__init__"]
        for item in node.body:
            if isinstance(item, ast.Assign) and isinstance(item.value, ast.List | ast.Dict | ast.Set) and inits:
                target = item.targets[0]
                if (
                    isinstance(target, ast.Name)
                    and not target.id.isupper()
                    and f"self.{target.id}" in source.code(node)
                ):
                    line = f"self.{target.id} = {source.code(item.value)}"
                    splice = source.insert_before(inits[0].body[0], [line])
                    yield change("own_attribute", source, splice, 0.75, f"Each object has a `{target.id}` of its own.")
