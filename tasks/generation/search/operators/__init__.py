"""The edits that the search tries, one idea a module; the module's docstring is its documentation."""

from __future__ import annotations

import importlib
import pkgutil

from tasks.generation.search.operators.definition import Operator


def load_operators() -> tuple[Operator, ...]:
    """Every operator of this package, in the order of their names."""
    found = []
    for info in sorted(pkgutil.iter_modules(__path__), key=lambda info: info.name):
        module = importlib.import_module(f"{__name__}.{info.name}")
        found += [value for value in vars(module).values() if isinstance(value, Operator)]
    return tuple(found)
