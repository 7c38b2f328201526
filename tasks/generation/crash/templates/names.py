"""A name or attribute that does not exist: misspelled, not imported, or not yet assigned.

What it does: the nearest name that exists, the missing import, `self.` in front of a member, parentheses taken off
a property or put behind a method, a first value for a variable that only some branches set.

    before    log.warning("job failed: %s", job.last_eror)
    after     log.warning("job failed: %s", job.last_error)
"""

from __future__ import annotations

import ast
import builtins
import difflib
import importlib.util
import re
import sys
from collections.abc import Iterator

from tasks.generation.crash.conventions import global_names, names_in_scope
from tasks.generation.crash.fitting import fitting_values, is_plain
from tasks.generation.crash.project import module_of
from tasks.generation.crash.proposal import Proposal, change
from tasks.generation.crash.refusals import add_import
from tasks.generation.crash.site import CrashSite, Place
from tasks.generation.crash.source import Function, SourceFile, Splice, walk_function

_COMMON = {
    "datetime": "from datetime import datetime",
    "timedelta": "from datetime import timedelta",
    "timezone": "from datetime import timezone",
    "date": "from datetime import date",
    "Decimal": "from decimal import Decimal",
    "Path": "from pathlib import Path",
    "defaultdict": "from collections import defaultdict",
    "Counter": "from collections import Counter",
    "deque": "from collections import deque",
    "OrderedDict": "from collections import OrderedDict",
    "namedtuple": "from collections import namedtuple",
    "dataclass": "from dataclasses import dataclass",
    "partial": "from functools import partial",
    "reduce": "from functools import reduce",
    "lru_cache": "from functools import lru_cache",
    "wraps": "from functools import wraps",
    "chain": "from itertools import chain",
    "groupby": "from itertools import groupby",
    "contextmanager": "from contextlib import contextmanager",
    "suppress": "from contextlib import suppress",
    "uuid4": "from uuid import uuid4",
    "sleep": "from time import sleep",
    "Optional": "from typing import Optional",
    "Any": "from typing import Any",
    "urlparse": "from urllib.parse import urlparse",
    "quote": "from urllib.parse import quote",
    "urlencode": "from urllib.parse import urlencode",
    "deepcopy": "from copy import deepcopy",
    "ZoneInfo": "from zoneinfo import ZoneInfo",
    "JSONDecodeError": "from json import JSONDecodeError",
}
_BUILTIN_TYPES = {"str": str, "list": list, "dict": dict, "set": set, "tuple": tuple, "int": int, "float": float}
_BUILTIN_TYPES |= {"bytes": bytes, "frozenset": frozenset, "bytearray": bytearray}
_RENAMED = {("dict", "has_key"): None, ("dict", "iteritems"): "items", ("dict", "itervalues"): "values"}
_RENAMED |= {("dict", "iterkeys"): "keys", ("list", "add"): "append", ("set", "append"): "add", ("list", "push"): "append"}
_RENAMED |= {("set", "extend"): "update", ("list", "size"): None, ("list", "length"): None, ("str", "contains"): None}
_RENAMED |= {("tuple", "append"): None, ("list", "update"): "extend", ("deque", "push"): "append"}


def propose(site: CrashSite) -> Iterator[Proposal]:
    name, message = site.error.name, site.error.message
    place = site.raising
    if name == "UnboundLocalError":
        yield from _unbound(site, place, message)
    elif name == "NameError":
        yield from _undefined(site, place, message)
    elif name == "AttributeError" and "NoneType" not in message:
        yield from _attribute(site, place, message)


def _attribute(site: CrashSite, place: Place, message: str) -> Iterator[Proposal]:
    node = place.node
    found = re.search(r"(?:'([\w.]+)' object|module '([\w.]+)'|type object '([\w.]+)') has no attribute '(\w+)'", message)
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
        yield change("renamed_method", place.source, Splice(start, start + len(missing), renamed), 0.85, f"It is {renamed!r}.")
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
            yield sorted(members_of(source, class_node, site)), 0.97
    for source in site.project.files():
        if module is not None and module_of(source.path) == module:
            yield sorted(global_names(source)), 0.95


def members_of(source: SourceFile, node: ast.ClassDef, site: CrashSite, depth: int = 0) -> set[str]:
    """Methods, class variables and attributes set on `self`, of the class and of its bases in the repository."""
    names: set[str] = set()
    for item in ast.walk(node):
        if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef) and source.parent(item) is node:
            names.add(item.name)
        elif isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name):
            names.add(item.target.id)
        elif isinstance(item, ast.Name) and isinstance(item.ctx, ast.Store) and source.function(item) is None:
            names.add(item.id)
        elif isinstance(item, ast.Attribute) and isinstance(item.ctx, ast.Store) and isinstance(item.value, ast.Name):
            if item.value.id == "self":
                names.add(item.attr)
    bases = {getattr(base, "id", getattr(base, "attr", "")) for base in node.bases}
    if depth < 3:
        for other, base in site.project.classes():
            if base.name in bases and base is not node:
                names |= members_of(other, base, site, depth + 1)
    return names


def _mapping_access(place: Place, node: ast.Attribute, kind: str, missing: str) -> Iterator[Proposal]:
    """`row.name` on a dict is `row["name"]`."""
    if kind != "dict" or isinstance(place.source.parent(node), ast.Call) and place.source.parent(node).func is node:  # type: ignore[union-attr]
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
        yield change("decode_first", source, source.replace(node.value, f"{source.code(node.value)}.decode()"), 0.6, "The bytes are text.")
    elif kind in ("int", "float", "Decimal", "bool") and hasattr(str, missing):
        yield change("text_first", source, source.replace(node.value, f"str({source.code(node.value)})"), 0.6, "A number is treated as text.")
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
        if class_node.name != kind or missing not in members_of(source, class_node, site):
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
    from tasks.generation.crash.uses import defaults_for

    checked = re.search(rf"self\.{name} is (?:not )?None|if (?:not )?self\.{name}\b", source.code(class_node))
    if checked:
        yield "None", 0.8
    for default, weight in defaults_for(place, node)[:2]:
        yield default, 0.3 + 0.12 * weight
    yield "None", 0.45


def _undefined(site: CrashSite, place: Place, message: str) -> Iterator[Proposal]:
    found = re.search(r"name '(\w+)' is not defined", message)
    if found is None or not isinstance(place.node, ast.Name):
        return
    name, source, function = found.group(1), place.source, place.function
    scope = names_in_scope(function, place.statement.lineno) if function is not None else set()
    owner = source.enclosing(place.statement, ast.ClassDef)
    if owner is not None and "self" in scope and name in members_of(source, owner, site):
        yield change("through_self", source, source.replace(place.node, f"self.{name}"), 0.85, f"{name} is a member.")
    for line, confidence in _imports_for(site, source, name):
        yield change("missing_import", source, add_import(source, line), confidence, f"{name} is imported.")
    known = sorted((scope | global_names(source) | set(dir(builtins))) - {name})
    for rank, other in enumerate(difflib.get_close_matches(name, known, 3, 0.65)):
        likeness = difflib.SequenceMatcher(None, name, other).ratio()
        confidence = 0.9 * likeness - 0.15 * rank - (0.2 if other in dir(builtins) else 0.0)
        yield change("nearest_name", source, source.replace(place.node, other), confidence, f"The name is {other!r}.")


def _imports_for(site: CrashSite, source: SourceFile, name: str) -> Iterator[tuple[str, float]]:
    seen = set()
    for other in site.project.files():
        for node in other.tree.body:
            if isinstance(node, ast.Import | ast.ImportFrom):
                for alias in node.names:
                    if (alias.asname or alias.name) == name and not getattr(node, "level", 0):
                        seen.add(ast.unparse(type(node)(**{**node.__dict__, "names": [alias]})))
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and node.name == name:
                if other is not source:
                    yield f"from {module_of(other.path)} import {name}", 0.85
    yield from ((line, 0.88) for line in sorted(seen))
    if name in _COMMON:
        yield _COMMON[name], 0.8
    if name in sys.stdlib_module_names:
        yield f"import {name}", 0.85


def _unbound(site: CrashSite, place: Place, message: str) -> Iterator[Proposal]:
    found = re.search(r"local variable '(\w+)'", message)
    function = place.function
    if found is None or function is None:
        return
    name, source = found.group(1), place.source
    if name in global_names(source) and not isinstance(source.parent(function), ast.FunctionDef):
        lines = [f"global {name}"]
        yield change("declare_global", source, source.insert_before(_first(function), lines), 0.55, f"{name} is the module's.")
    for text, confidence in _start_values(site, place, function, name):
        for anchor in _block_starts(source, function, name, place):
            splice = source.insert_before(anchor, [f"{name} = {text}"])
            yield change("initialise_variable", source, splice, confidence, f"{name} starts as {text}.")


def _first(function: Function) -> ast.stmt:
    first = function.body[0]
    documented = ast.get_docstring(function, clean=False) is not None
    return function.body[1] if documented and len(function.body) > 1 else first


def _block_starts(source: SourceFile, function: Function, name: str, place: Place) -> list[ast.stmt]:
    """Above the outermost statement that assigns the name and does not stand alone."""
    for statement in function.body:
        assigns = any(isinstance(n, ast.Name) and n.id == name and isinstance(n.ctx, ast.Store) for n in ast.walk(statement))
        if assigns or statement.lineno >= place.statement.lineno:
            return [statement]
    return []


def _start_values(site: CrashSite, place: Place, function: Function, name: str) -> Iterator[tuple[str, float]]:
    """What other branches assign, by what the docstring says; then what the function may answer."""
    source = place.source
    doc = (ast.get_docstring(function) or "").lower()
    assigned: dict[str, int] = {}
    for node in walk_function(function):
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == name for t in node.targets):
            if is_plain(node.value) or isinstance(node.value, ast.Subscript | ast.Attribute):
                text = source.code(node.value)
                assigned[text] = assigned.get(text, 0) + 1
    for text in assigned:
        words = [word for word in re.findall(r"[a-z]{4,}", text.lower()) if word in doc]
        spoken = bool(words) and bool(re.search(rf"{words[0]}\b[^.;]*\b(when|if|otherwise|unless|by default|for)|default", doc))
        yield text, 0.8 if spoken else 0.4
    if isinstance(place.statement, ast.Return) and isinstance(place.node, ast.Name) and place.statement.value is place.node:
        for fit in fitting_values(site.project, source, function)[:2]:
            yield fit.text or "None", 0.3 + 0.08 * min(fit.weight, 6.0)
    else:
        yield from _by_use(place)


def _by_use(place: Place) -> Iterator[tuple[str, float]]:
    from tasks.generation.crash.uses import defaults_for

    if isinstance(place.statement, ast.AugAssign):
        yield "0", 0.7
    if place.node is not None:
        yield from ((default, 0.3 + 0.1 * weight) for default, weight in defaults_for(place, place.node)[:2])
