"""Another exception type in `raise` or `except`, or one more caught."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tasks.generation.search.operators.definition import operator
from tasks.generation.search.scope import Change, Scope

_COMMON = (
    "ValueError", "TypeError", "KeyError", "IndexError", "AttributeError", "LookupError", "OSError",
    "RuntimeError", "NotImplementedError", "ZeroDivisionError", "StopIteration", "UnicodeDecodeError", "Exception",
)  # fmt: skip


@operator(
    ast.ExceptHandler,
    ast.Raise,
    examples=(
        (
            "def f(a):\n    try:\n        return a()\n    except KeyError:\n        return 1\n",
            "def f(a):\n    try:\n        return a()\n    except (KeyError, IndexError):\n        return 1\n",
        ),
        ("def f(a):\n    raise KeyError(a)\n", "def f(a):\n    raise ValueError(a)\n"),
    ),
)
def change_exception(node: ast.ExceptHandler | ast.Raise, scope: Scope) -> Iterator[Change]:
    if isinstance(node, ast.Raise):
        name = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
        if isinstance(name, ast.Name | ast.Attribute):
            for other in _others(scope):
                if other != scope.text(name):
                    yield scope.span_edit(*scope.file.span(name), other, _weight(other, scope))
        return
    if node.type is None:
        return
    kinds = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
    texts = [scope.text(kind) for kind in kinds]
    for other in _others(scope):
        if other not in texts:
            yield scope.replace(node.type, f"({', '.join([*texts, other])})", _weight(other, scope))
            yield scope.replace(node.type, other, 0.5 * _weight(other, scope))


def _others(scope: Scope) -> list[str]:
    if "exceptions" not in scope.memory:
        scope.memory["exceptions"] = _find_exceptions(scope)
    return list(scope.memory["exceptions"])


def _find_exceptions(scope: Scope) -> list[str]:
    own = [
        n.name for n in scope.file.tree.body if isinstance(n, ast.ClassDef) and n.name.endswith(("Error", "Exception"))
    ]
    used = [n.exc.func.id for n in scope.file.nodes if _raises_name(n)]  # type: ignore[attr-defined]
    expected = [kind for kind, _ in scope.facts.raises]
    return list(dict.fromkeys([*scope.facts.error_types, *expected, *own, *used, *_COMMON]))


def _raises_name(node: ast.AST) -> bool:
    return isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and isinstance(node.exc.func, ast.Name)


def _weight(name: str, scope: Scope) -> float:
    if name == "Exception":
        return 0.2
    expected = {*scope.facts.error_types, *(kind for kind, _ in scope.facts.raises)}
    return 2.0 if name in expected else 0.3
