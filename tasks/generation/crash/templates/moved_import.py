"""An import of what has moved or is gone, or that runs in a circle.

What it does: the new home of names that the standard library moved, the module of the repository that defines the name,
the nearest name that exists, or an import inside the function that needs it.

    before    from collections import Mapping
    after     from collections.abc import Mapping
"""

from __future__ import annotations

import ast
import difflib
import importlib
import re
import sys
from collections.abc import Iterator

from tasks.generation.crash.conventions import global_names
from tasks.generation.crash.project import module_of
from tasks.generation.crash.proposal import Proposal, change
from tasks.generation.crash.refusals import add_import
from tasks.generation.crash.site import CrashSite, Place
from tasks.generation.crash.source import SourceFile

_ABC: tuple[str, ...] = (
    "Mapping",
    "MutableMapping",
    "Sequence",
    "MutableSequence",
    "Iterable",
    "Iterator",
    "Callable",
    "Set",
    "Hashable",
)
_ABC += (
    "MutableSet",
    "Container",
    "Sized",
    "Generator",
    "Awaitable",
    "Coroutine",
    "KeysView",
    "ValuesView",
    "ItemsView",
)
_MOVED: dict[tuple[str, str], str] = {("collections", name): f"from collections.abc import {name}" for name in _ABC}
_MOVED |= {
    ("cgi", "escape"): "from html import escape",
    ("time", "clock"): "from time import perf_counter as clock",
    ("fractions", "gcd"): "from math import gcd",
    ("inspect", "getargspec"): "from inspect import getfullargspec as getargspec",
    ("urllib", "urlencode"): "from urllib.parse import urlencode",
    ("urllib", "quote"): "from urllib.parse import quote",
    ("urllib", "unquote"): "from urllib.parse import unquote",
    ("urllib", "urlopen"): "from urllib.request import urlopen",
    ("asyncio", "async"): "from asyncio import ensure_future",
    ("xml.etree", "cElementTree"): "from xml.etree import ElementTree as cElementTree",
    ("string", "letters"): "from string import ascii_letters as letters",
    ("itertools", "izip"): "from builtins import zip as izip",
    ("itertools", "imap"): "from builtins import map as imap",
    ("typing", "override"): "from typing_extensions import override",
    ("datetime", "utc"): "from datetime import timezone\n\nutc = timezone.utc",
}
_MODULES = {
    "ConfigParser": "configparser",
    "Queue": "queue",
    "cPickle": "pickle",
    "urlparse": "urllib.parse",
    "urllib2": "urllib.request",
    "httplib": "http.client",
    "StringIO": "io",
    "cStringIO": "io",
    "HTMLParser": "html.parser",
    "tomli": "tomllib",
    "importlib_metadata": "importlib.metadata",
    "importlib_resources": "importlib.resources",
    "backports.zoneinfo": "zoneinfo",
    "mock": "unittest.mock",
    "__builtin__": "builtins",
    "cElementTree": "xml.etree.ElementTree",
}


def propose(site: CrashSite) -> Iterator[Proposal]:
    if site.error.name not in ("ImportError", "ModuleNotFoundError"):
        if site.error.name == "AttributeError":
            yield from _moved_attribute(site.raising, site.error.message)
        return
    for place in site.places[:3]:
        if isinstance(place.statement, ast.ImportFrom):
            yield from _for_from(site, place, place.statement)
        elif isinstance(place.statement, ast.Import):
            yield from _for_module(site, place, place.statement)


def _for_from(site: CrashSite, place: Place, statement: ast.ImportFrom) -> Iterator[Proposal]:
    source, module = place.source, statement.module or ""
    missing = _missing_name(site.error.message)
    aliases = [alias for alias in statement.names if missing in (None, alias.name)]
    for alias in aliases:
        moved = _MOVED.get((module, alias.name))
        if moved is not None:
            yield _resolved(place, statement, alias, moved, 0.93)
        for other in _homes_of(site, alias.name):
            if module_of(other.path) != module:
                line = f"from {module_of(other.path)} import {alias.name}"
                yield _resolved(place, statement, alias, line, 0.85)
        yield from _nearest(site, place, statement, alias, module)
    if module in _MODULES:
        text = source.code(statement).replace(f"from {module} ", f"from {_MODULES[module]} ", 1)
        yield change(
            "moved_module", source, source.replace(statement, text), 0.9, f"{module} is now {_MODULES[module]}."
        )
    if "circular import" in site.error.message or "partially initialized" in site.error.message:
        yield from _inside_functions(place, statement)


def _missing_name(message: str) -> str | None:
    found = re.search(r"cannot import name '(\w+)'", message)
    return found.group(1) if found else None


def _homes_of(site: CrashSite, name: str) -> list[SourceFile]:
    """Files of the repository that define a function or class of that name."""
    functions = [source for source, _ in site.project.functions_named(name)]
    return [*functions, *(source for source, node in site.project.classes() if node.name == name)]


def _resolved(place: Place, statement: ast.ImportFrom, alias: ast.alias, line: str, confidence: float) -> Proposal:
    """The alias taken out of the statement and imported by `line` instead."""
    source = place.source
    if alias.asname:
        line = f"{line.split(' as ')[0]} as {alias.asname}"
    others = [other for other in statement.names if other is not alias]
    kept = [ast.unparse(ast.ImportFrom(statement.module, others, statement.level))] if others else []
    splice = source.replace_lines(statement, statement, [*kept, *line.split("\n")])
    return change("moved_import", source, splice, confidence, f"{alias.name} now comes with `{line}`.")


def _nearest(
    site: CrashSite, place: Place, statement: ast.ImportFrom, alias: ast.alias, module: str
) -> Iterator[Proposal]:
    known: set[str] = set()
    for source in site.project.files():
        if module_of(source.path) == module:
            known |= global_names(source)
    if not known and module.split(".")[0] in sys.stdlib_module_names:
        try:
            known = set(dir(importlib.import_module(module)))
        except ImportError:
            return
    for other in difflib.get_close_matches(alias.name, sorted(known), 1, 0.7):
        line = f"from {'.' * statement.level}{module} import {other} as {alias.asname or alias.name}"
        yield _resolved(place, statement, alias, line, 0.7)


def _for_module(site: CrashSite, place: Place, statement: ast.Import) -> Iterator[Proposal]:
    source = place.source
    for alias in statement.names:
        new = _MODULES.get(alias.name)
        if new is not None and len(statement.names) == 1:
            line = f"import {new} as {alias.asname or alias.name}"
            yield change("moved_module", source, source.replace(statement, line), 0.88, f"{alias.name} is now {new}.")


def _inside_functions(place: Place, statement: ast.ImportFrom) -> Iterator[Proposal]:
    """The import goes into each function that uses the name, so that it runs when both modules are loaded."""
    source = place.source
    if statement not in source.tree.body:
        return
    names = {alias.asname or alias.name for alias in statement.names}
    splices = [source.replace_lines(statement, statement, [])]
    for function in source.functions:
        used = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
        if names & used:
            first = function.body[0]
            documented = ast.get_docstring(function, clean=False) is not None
            line = source.code(statement)
            if documented and len(function.body) > 1:
                splices.append(source.insert_before(function.body[1], [line, ""]))
            else:
                splices.append(source.insert_before(first, [line, ""]))
    if len(splices) > 1:
        yield change("import_when_needed", source, splices, 0.8, "The import no longer runs in a circle.")


_MOVED_ATTRIBUTES = {("collections", name): f"collections.abc.{name}" for name in _ABC} | {
    ("time", "clock"): "time.perf_counter",
    ("inspect", "getargspec"): "inspect.getfullargspec",
    ("asyncio", "get_event_loop_policy"): "asyncio.get_event_loop",
    ("string", "letters"): "string.ascii_letters",
    ("string", "maketrans"): "str.maketrans",
    ("os", "getcwdu"): "os.getcwd",
    ("base64", "encodestring"): "base64.encodebytes",
    ("base64", "decodestring"): "base64.decodebytes",
    ("json", "read"): "json.loads",
    ("json", "write"): "json.dumps",
    ("math", "inf_"): "math.inf",
    ("fractions", "gcd"): "math.gcd",
    ("types", "StringType"): "str",
    ("asyncio", "async"): "asyncio.ensure_future",
    ("threading", "_sleep"): "time.sleep",
    ("datetime", "utc"): "datetime.timezone.utc",
    ("xml.etree.ElementTree", "Element.getchildren"): "list",
}


def _moved_attribute(place: Place, message: str) -> Iterator[Proposal]:
    found = re.search(r"module '([\w.]+)' has no attribute '(\w+)'", message)
    if found is None or not isinstance(place.node, ast.Attribute):
        return
    new = _MOVED_ATTRIBUTES.get((found.group(1), found.group(2)))
    if new is None:
        return
    source = place.source
    splices = [source.replace(place.node, new)]
    home = new.rpartition(".")[0]
    if "." in home or (home and home not in global_names(source) and home != "str"):
        splices.append(add_import(source, f"import {home}"))
    yield change("moved_attribute", source, splices, 0.9, f"It is now `{new}`.")
