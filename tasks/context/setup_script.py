"""The literal arguments of a `setup.py`, read without running it."""

from __future__ import annotations

import ast
import warnings
from pathlib import Path

from tasks.context.project_files import read_text


def setup_arguments(root: Path) -> dict[str, object]:
    """Keyword arguments of the `setup(...)` call that are literals, or names bound to one."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(read_text(root, "setup.py"))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}
    names = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and _is_setup(node.func))
    call = next(calls, None)
    if call is None:
        return {}
    values = {word.arg: _literal(word.value, names) for word in call.keywords if word.arg}
    return {name: value for name, value in values.items() if value is not None}


def _is_setup(function: ast.expr) -> bool:
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    return name == "setup"


def _literal(node: ast.expr, names: dict[str, ast.expr]) -> object:
    if isinstance(node, ast.Name):
        node = names.get(node.id, node)
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return None
