"""A conversion that is missing: `str`, `int`, `list`, `sorted`, `.strip()`, `.lower()` and the like."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator

from tasks.generation.search.operators.definition import operator
from tasks.generation.search.scope import Change, Scope

_FUNCTIONS = (
    ("str", 0.8),
    ("int", 0.6),
    ("list", 0.6),
    ("tuple", 0.4),
    ("set", 0.3),
    ("sorted", 0.3),
    ("abs", 0.4),
    ("len", 0.4),
    ("bool", 0.3),
    ("float", 0.3),
    ("repr", 0.2),
    ("reversed", 0.2),
    ("round", 0.2),
    ("iter", 0.1),
    ("dict", 0.2),
)
_METHODS = (
    ("strip()", 0.4),
    ("lower()", 0.4),
    ("copy()", 0.3),
    ("encode()", 0.2),
    ("decode()", 0.2),
    ("rstrip()", 0.2),
    ("lstrip()", 0.2),
    ("items()", 0.3),
    ("keys()", 0.1),
    ("values()", 0.2),
)


@operator(
    ast.Name,
    ast.Call,
    ast.Attribute,
    ast.Subscript,
    ast.BinOp,
    examples=(
        ("def f(a):\n    return a\n", "def f(a):\n    return str(a)\n"),
        ("def f(a):\n    g(a)\n", "def f(a):\n    g(a.strip())\n"),
    ),
)
def wrap_call(node: ast.expr, scope: Scope) -> Iterator[Change]:
    if not isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
        return
    parent = scope.parent(node)
    if isinstance(parent, ast.Expr | ast.Attribute) or (isinstance(parent, ast.Call) and parent.func is node):
        return
    if isinstance(node, ast.Name) and node.id not in scope.local_names:
        return
    text = scope.text(node)
    functions, methods = _used_nearby(scope)
    for name, weight in (*_FUNCTIONS, *functions):
        if not text.startswith(f"{name}("):
            yield scope.replace(node, f"{name}({text})", weight)
    if not isinstance(node, ast.BinOp):
        for method, weight in (*_METHODS, *methods):
            yield scope.replace(node, f"{text}.{method}", weight)


def _used_nearby(scope: Scope) -> tuple[list[tuple[str, float]], list[tuple[str, float]]]:
    """Functions that the file calls with one argument and methods that it calls without any, most used first."""
    if "wrappers" not in scope.memory:
        functions: Counter[str] = Counter()
        methods: Counter[str] = Counter()
        for calls in scope.file.calls.values():
            for call in calls:
                if call.keywords:
                    continue
                if isinstance(call.func, ast.Name) and len(call.args) == 1:
                    functions[call.func.id] += 1
                elif isinstance(call.func, ast.Attribute) and not call.args:
                    methods[f"{call.func.attr}()"] += 1
        known = {name for name, _ in (*_FUNCTIONS, *_METHODS)} | {"super", "isinstance", "print", "type"}
        scope.memory["wrappers"] = tuple(
            [(name, 0.4) for name, _ in counts.most_common(14) if name not in known][:8]
            for counts in (functions, methods)
        )
    functions_found, methods_found = scope.memory["wrappers"]
    return functions_found, methods_found
