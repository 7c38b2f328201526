"""A name that does not exist: misspelled, not imported, or not yet assigned.

What it does: the nearest name that exists, the missing import, `self.` in front of a member, a first value for
a variable that only some branches set.

    before    pause *= random.uniform(0.5, 1.0)
    after     import random
              ...
              pause *= random.uniform(0.5, 1.0)
"""

from __future__ import annotations

import ast
import builtins
import difflib
import re
import sys
from collections.abc import Iterator

from tasks.generation.crash.conventions import global_names, names_in_scope
from tasks.generation.crash.fitting import fitting_values, is_plain
from tasks.generation.crash.members import members_of
from tasks.generation.crash.project import module_of
from tasks.generation.crash.proposal import Proposal, change
from tasks.generation.crash.refusals import add_import
from tasks.generation.crash.site import CrashSite, Place
from tasks.generation.crash.source import Function, SourceFile, walk_function
from tasks.generation.crash.uses import defaults_for

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
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def propose(site: CrashSite) -> Iterator[Proposal]:
    name, message = site.error.name, site.error.message
    place = site.raising
    if name == "UnboundLocalError":
        yield from _unbound(site, place, message)
    elif name == "NameError":
        yield from _undefined(site, place, message)


def _undefined(site: CrashSite, place: Place, message: str) -> Iterator[Proposal]:
    found = re.search(r"name '(\w+)' is not defined", message)
    if found is None or not isinstance(place.node, ast.Name):
        return
    name, source, function = found.group(1), place.source, place.function
    scope = names_in_scope(function, place.statement.lineno) if function is not None else set()
    owner = source.enclosing(place.statement, ast.ClassDef)
    if owner is not None and "self" in scope and name in members_of(source, owner, site.project):
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
            elif isinstance(node, _DEFINITIONS) and node.name == name and other is not source:
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
        yield change(
            "declare_global", source, source.insert_before(_first(function), lines), 0.55, f"{name} is the module's."
        )
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
        assigns = any(
            isinstance(n, ast.Name) and n.id == name and isinstance(n.ctx, ast.Store) for n in ast.walk(statement)
        )
        if assigns or statement.lineno >= place.statement.lineno:
            return [statement]
    return []


def _start_values(site: CrashSite, place: Place, function: Function, name: str) -> Iterator[tuple[str, float]]:
    """What other branches assign, by what the docstring says; then what the function may answer."""
    source = place.source
    doc = (ast.get_docstring(function) or "").lower()
    assigned: dict[str, int] = {}
    for node in walk_function(function):
        if not isinstance(node, ast.Assign) or not any(isinstance(t, ast.Name) and t.id == name for t in node.targets):
            continue
        if is_plain(node.value) or isinstance(node.value, ast.Subscript | ast.Attribute):
            text = source.code(node.value)
            assigned[text] = assigned.get(text, 0) + 1
    for text in assigned:
        words = [word for word in re.findall(r"[a-z]{4,}", text.lower()) if word in doc]
        spoken = bool(words) and bool(
            re.search(rf"{words[0]}\b[^.;]*\b(when|if|otherwise|unless|by default|for)|default", doc)
        )
        yield text, 0.8 if spoken else 0.4
    if (
        isinstance(place.statement, ast.Return)
        and isinstance(place.node, ast.Name)
        and place.statement.value is place.node
    ):
        for fit in fitting_values(site.project, source, function)[:2]:
            yield fit.text or "None", 0.3 + 0.08 * min(fit.weight, 6.0)
    else:
        yield from _by_use(place)


def _by_use(place: Place) -> Iterator[tuple[str, float]]:
    if isinstance(place.statement, ast.AugAssign):
        yield "0", 0.7
    if place.node is not None:
        yield from ((default, 0.3 + 0.1 * weight) for default, weight in defaults_for(place, place.node)[:2])
