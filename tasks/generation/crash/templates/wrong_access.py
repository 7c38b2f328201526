"""A value called, a method not called, an object indexed like a mapping, one value where several are expected.

What it does: takes the parentheses away or puts them there; reads the attribute instead of the key; treats one value as
a list of one.

    before    if account["email"] not in found:
    after     if account.email not in found:
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tasks.generation.crash.proposal import Proposal, change
from tasks.generation.crash.site import CrashSite, Place
from tasks.generation.crash.source import Splice


def propose(site: CrashSite) -> Iterator[Proposal]:
    if site.error.name != "TypeError" or "NoneType" in site.error.message:
        return
    place, message = site.raising, site.error.message
    yield from _needless_call(place, message)
    yield from _missing_call(place, message)
    yield from _object_index(site, place, message)


def _needless_call(place: Place, message: str) -> Iterator[Proposal]:
    node, source = place.node, place.source
    if isinstance(node, ast.Call) and "is not callable" in message and not node.args and not node.keywords:
        yield change(
            "no_call", source, source.replace(node, source.code(node.func)), 0.8, "It is a value, not a method."
        )
    if (
        isinstance(node, ast.Call)
        and re.search(r"'(list|dict|tuple|str)' object is not callable", message)
        and node.args
    ):
        text = f"{source.code(node.func)}[{source.code(node.args[0])}]"
        yield change("index_not_call", source, source.replace(node, text), 0.6, "It is indexed, not called.")


def _missing_call(place: Place, message: str) -> Iterator[Proposal]:
    """A method named where its result is meant."""
    node, source = place.node, place.source
    if re.search(
        r"'(method|function|builtin_function_or_method)' object is not (subscriptable|iterable)|'method'", message
    ):
        inner = node.value if isinstance(node, ast.Subscript) else node
        if inner is None and isinstance(place.statement, ast.For):
            inner = place.statement.iter
        if isinstance(inner, ast.Attribute | ast.Name):
            end = source.span(inner)[1]
            yield change("call_method", source, Splice(end, end, "()"), 0.85, "The method is called.")
        elif isinstance(node, ast.Compare | ast.BinOp):
            for side in [node.left, *(node.comparators if isinstance(node, ast.Compare) else [node.right])]:
                if isinstance(side, ast.Attribute):
                    end = source.span(side)[1]
                    yield change("call_method", source, Splice(end, end, "()"), 0.7, "The method is called.")
        elif isinstance(node, ast.Call):
            for argument in node.args:
                if isinstance(argument, ast.Attribute):
                    end = source.span(argument)[1]
                    yield change("call_method", source, Splice(end, end, "()"), 0.8, "The method is called.")


def _object_index(site: CrashSite, place: Place, message: str) -> Iterator[Proposal]:
    node, source = place.node, place.source
    found = re.search(r"'(\w+)' object is not (subscriptable|iterable)", message)
    if found is not None and isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        own = any(class_node.name == found.group(1) for _, class_node in site.project.classes())
        if own and isinstance(node.slice.value, str) and node.slice.value.isidentifier():
            text = f"{source.code(node.value)}.{node.slice.value}"
            yield change(
                "attribute_not_key", source, source.replace(node, text), 0.88, "It is an object with attributes."
            )
    if found is not None and found.group(2) == "iterable" and found.group(1) not in ("method", "function", "coroutine"):
        target = place.statement.iter if isinstance(place.statement, ast.For) else node
        if isinstance(node, ast.Call) and node.args:
            target = node.args[0]
        if isinstance(target, ast.expr) and found.group(1) in ("int", "float", "bool", "str"):
            text = source.code(target)
            wrapped = f"range({text})" if found.group(1) == "int" else f"[{text}]"
            yield change(
                "make_iterable", source, source.replace(target, wrapped), 0.4, f"`{wrapped}` can be walked through."
            )
            several = f"({text} if isinstance({text}, (list, tuple)) else [{text}])"
            yield change(
                "one_or_many", source, source.replace(target, several), 0.62, "One value counts as a list of one."
            )
    if "string indices must be integers" in message and isinstance(node, ast.Subscript):
        text = f"json.loads({source.code(node.value)})"
        yield change("load_json", source, source.replace(node.value, text), 0.35, "The text is a JSON document.")
    if "list indices must be integers or slices, not str" in message and isinstance(node, ast.Subscript):
        if isinstance(node.slice, ast.Name | ast.Attribute | ast.Subscript | ast.Call):
            text = f"int({source.code(node.slice)})"
            yield change("index_by_number", source, source.replace(node.slice, text), 0.7, "The index is a number.")
        first = f"{source.code(node.value)}[0]"
        yield change("first_of_list", source, source.replace(node.value, first), 0.4, "The first of the list is meant.")
