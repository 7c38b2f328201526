"""An attribute that the object does not have.

What it does: the nearest name that exists, the name that another type uses for it, a key in place of an attribute,
conversion between text and bytes, a first value in `__init__` for what only some methods set.

    before    log.warning("job failed: %s", job.last_eror)
    after     log.warning("job failed: %s", job.last_error)
"""

from __future__ import annotations

import ast
import difflib
import importlib
import importlib.util
import re
import sys
from collections.abc import Iterator

from tasks.generation.crash.conventions import global_names
from tasks.generation.crash.members import members_of
from tasks.generation.crash.project import module_of
from tasks.generation.crash.proposal import Proposal, change
from tasks.generation.crash.refusals import add_import
from tasks.generation.crash.site import CrashSite, Place
from tasks.generation.crash.source import SourceFile, Splice
from tasks.generation.crash.uses import defaults_for

_BUILTIN_TYPES = {"str": str, "list": list, "dict": dict, "set": set, "tuple": tuple, "int": int, "float": float}
_BUILTIN_TYPES |= {"bytes": bytes, "frozenset": frozenset, "bytearray": bytearray}
_RENAMED = {("dict", "has_key"): None, ("dict", "iteritems"): "items", ("dict", "itervalues"): "values"}
_RENAMED |= {
    ("dict", "iterkeys"): "keys",
    ("list", "add"): "append",
    ("set", "append"): "add",
    ("list", "push"): "append",
}
_RENAMED |= {("set", "extend"): "update", ("list", "size"): None, ("list", "length"): None, ("str", "contains"): None}
_RENAMED |= {("tuple", "append"): None, ("list", "update"): "extend", ("deque", "push"): "append"}


def propose(site: CrashSite) -> Iterator[Proposal]:
    place, message = site.raising, site.error.message
    if site.error.name != "AttributeError" or "NoneType" in message:
        return
    node = place.node
    found = re.search(
        r"(?:'([\w.]+)' object|module '([\w.]+)'|type object '([\w.]+)') has no attribute '(\w+)'", message
    )
    if found is None or not isinstance(node, ast.Attribute):
        return
    kind, module, type_object, missing = found.groups()
    start = place.source.span(node)[1] - len(node.attr)
    for known, share in _attributes_of(site, kind or type_object, module, place, node):
        near = difflib.get_close_matches(missing, known, 3, 0.6)
        for rank, other in enumerate(near):
            likeness = difflib.SequenceMatcher(None, missing, other).ratio()
            words = f"The attribute is called {other!r}."
            splice = Splice(start, start + len(missing), other)
            yield change("nearest_attribute", place.source, splice, share * likeness - 0.15 * rank, words)
    renamed = _RENAMED.get((kind or "", missing))
    if renamed:
        yield change(
            "renamed_method", place.source, Splice(start, start + len(missing), renamed), 0.85, f"It is {renamed!r}."
        )
    yield from _mapping_access(place, node, kind or "", missing)
    yield from _text_versus_bytes(place, node, kind or "", missing)
    yield from _missing_initialisation(site, place, node, kind or "", missing)


def _attributes_of(
    site: CrashSite, kind: str | None, module: str | None, place: Place, node: ast.Attribute
) -> Iterator[tuple[list[str], float]]:
    """Names that exist on the object, with how sure that is."""
    if kind in _BUILTIN_TYPES:
        yield [name for name in dir(_BUILTIN_TYPES[kind]) if not name.startswith("_")], 0.9
    if module is not None and module in sys.stdlib_module_names and importlib.util.find_spec(module) is not None:
        yield [name for name in dir(importlib.import_module(module)) if not name.startswith("_")], 0.9
    for source, class_node in site.project.classes():
        if class_node.name == kind:
            yield sorted(members_of(source, class_node, site.project)), 0.97
    for source in site.project.files():
        if module is not None and module_of(source.path) == module:
            yield sorted(global_names(source)), 0.95


def _mapping_access(place: Place, node: ast.Attribute, kind: str, missing: str) -> Iterator[Proposal]:
    """`row.name` on a dict is `row["name"]`."""
    if kind != "dict" or (isinstance(place.source.parent(node), ast.Call) and place.source.parent(node).func is node):  # type: ignore[union-attr]
        return
    source = place.source
    quoted = source.quote + missing + source.quote
    text = f"{source.code(node.value)}[{quoted}]"
    yield change("subscript_mapping", source, source.replace(node, text), 0.7, f"{missing} is a key.")
    text = f"{source.code(node.value)}.get({quoted})"
    yield change("get_mapping", source, source.replace(node, text), 0.4, f"{missing} is a key that may be missing.")


def _text_versus_bytes(place: Place, node: ast.Attribute, kind: str, missing: str) -> Iterator[Proposal]:
    """`.decode()` on text, `.encode()` on bytes, text methods on bytes."""
    source, call = place.source, place.source.parent(node)
    if (kind, missing) in (("str", "decode"), ("bytes", "encode")) and isinstance(call, ast.Call):
        words = "It is text already." if kind == "str" else "It is bytes already."
        value = source.code(node.value)
        both = f"({value}.{missing}() if hasattr({value}, {missing!r}) else {value})"
        yield change("already_converted", source, source.replace(call, value), 0.6, words)
        yield change("convert_when_needed", source, source.replace(call, both), 0.5, words)
    elif kind == "bytes" and hasattr(str, missing):
        yield change(
            "decode_first",
            source,
            source.replace(node.value, f"{source.code(node.value)}.decode()"),
            0.6,
            "The bytes are text.",
        )
    elif kind in ("int", "float", "Decimal", "bool") and hasattr(str, missing):
        yield change(
            "text_first",
            source,
            source.replace(node.value, f"str({source.code(node.value)})"),
            0.6,
            "A number is treated as text.",
        )
    elif kind == "str" and missing in ("items", "get", "keys", "values"):
        yield from _loaded(place, node)
    elif kind in ("list", "tuple") and missing in ("get", "items", "keys"):
        return


def _loaded(place: Place, node: ast.Attribute) -> Iterator[Proposal]:
    source = place.source
    needed = [] if "json" in global_names(source) else [add_import(source, "import json")]
    text = f"json.loads({source.code(node.value)})"
    yield change("load_json", source, [source.replace(node.value, text), *needed], 0.4, "The text is a JSON document.")


def _missing_initialisation(
    site: CrashSite, place: Place, node: ast.Attribute, kind: str, missing: str
) -> Iterator[Proposal]:
    """An attribute that some method sets and `__init__` does not."""
    for source, class_node in site.project.classes():
        if class_node.name != kind or missing not in members_of(source, class_node, site.project):
            continue
        inits = [item for item in class_node.body if isinstance(item, ast.FunctionDef) and item.name == "__init__"]
        for text, confidence in _first_values(source, class_node, missing, place, node):
            if inits:
                lines = [f"self.{missing} = {text}"]
                splice = source.insert_after(inits[0].body[-1], lines)
                yield change("initialise_attribute", source, splice, confidence, f"{missing} starts as {text}.")


def _first_values(
    source: SourceFile, class_node: ast.ClassDef, name: str, place: Place, node: ast.Attribute
) -> Iterator[tuple[str, float]]:
    checked = re.search(rf"self\.{name} is (?:not )?None|if (?:not )?self\.{name}\b", source.code(class_node))
    if checked:
        yield "None", 0.8
    for default, weight in defaults_for(place, node)[:2]:
        yield default, 0.3 + 0.12 * weight
    yield "None", 0.45
