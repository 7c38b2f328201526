"""Another function or method of similar purpose: built-in pairs, and the module's own functions and methods by name."""

from __future__ import annotations

import ast
import builtins
import difflib
from collections.abc import Iterator

from tasks.generation.search.operators.definition import operator
from tasks.generation.search.scope import Change, Scope

_BUILTINS = frozenset(dir(builtins))
_FAMILIES = (
    ("min", "max"),
    ("any", "all"),
    ("sorted", "list", "reversed"),
    ("list", "tuple", "set", "sorted"),
    ("int", "float", "round"),
    ("strip", "lstrip", "rstrip"),
    ("startswith", "endswith"),
    ("append", "extend", "add", "insert"),
    ("upper", "lower", "title", "capitalize"),
    ("lower", "casefold"),
    ("find", "rfind", "index"),
    ("split", "rsplit", "splitlines"),
    ("partition", "rpartition"),
    ("keys", "values", "items"),
    ("floor", "ceil", "trunc"),
    ("ljust", "rjust", "center"),
    ("remove", "discard", "pop"),
    ("union", "intersection", "difference"),
    ("update", "add"),
    ("match", "search", "fullmatch"),
    ("sub", "subn"),
    ("str", "repr"),
    ("isdigit", "isnumeric", "isdecimal", "isalnum"),
    ("setdefault", "get"),
    ("pop", "popleft", "get"),
    ("hasattr", "getattr"),
    ("isinstance", "issubclass"),
    ("quote", "quote_plus"),
    ("unquote", "unquote_plus"),
    ("read", "readline", "readlines"),
    ("encode", "decode"),
    ("copy", "deepcopy"),
    ("now", "utcnow"),
    ("fromtimestamp", "utcfromtimestamp"),
    ("total_seconds", "seconds"),
    ("warning", "error"),
    ("chain", "from_iterable"),
    ("format", "format_map"),
    ("join", "format"),
    ("count", "index"),
    ("zip", "zip_longest"),
    ("abspath", "realpath", "normpath"),
    ("dirname", "basename"),
    ("exists", "isfile", "isdir"),
    ("wait", "wait_for"),
    ("appendleft", "append"),
    ("len", "sum"),
)


@operator(
    ast.Call,
    examples=(
        ("def f(a):\n    return max(a)\n", "def f(a):\n    return min(a)\n"),
        ("def f(a):\n    return a.lstrip()\n", "def f(a):\n    return a.strip()\n"),
    ),
)
def replace_call(node: ast.Call, scope: Scope) -> Iterator[Change]:
    if isinstance(node.func, ast.Name):
        name, start = node.func.id, scope.file.span(node.func)[0]
        own = [n for n in scope.module_functions if name in scope.module_functions or name not in _BUILTINS]
    elif isinstance(node.func, ast.Attribute):
        name, start = node.func.attr, scope.file.span(node.func)[1] - len(node.func.attr)
        on_self = isinstance(node.func.value, ast.Name) and node.func.value.id in ("self", "cls")
        own = list(scope.methods) if on_self else []
    else:
        return
    others: dict[str, float] = {other: 1.0 for family in _FAMILIES if name in family for other in family}
    for other in own:
        closeness = difflib.SequenceMatcher(None, name, other).ratio()
        if closeness > 0.45:
            others.setdefault(other, closeness)
    for other, weight in others.items():
        if other != name and not other.startswith("__"):
            yield scope.span_edit(start, start + len(name), other, weight)
