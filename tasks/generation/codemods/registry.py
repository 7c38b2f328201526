"""Every codemod by id, found in the folders of its four domains."""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType

from tasks.generation.codemods import api, database, performance, security
from tasks.generation.codemods.model import Rule


def _rules_in(package: ModuleType) -> dict[str, Rule]:
    names = sorted(item.name for item in pkgutil.iter_modules(package.__path__))
    rules = [importlib.import_module(f"{package.__name__}.{name}").RULE for name in names]
    return {rule.id: rule for rule in rules}


RULES: dict[str, Rule] = {
    **_rules_in(api),
    **_rules_in(database),
    **_rules_in(security),
    **_rules_in(performance),
}
"""Id to rule, in the order in which they are applied."""


def examples_of(rule: Rule) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """The rule's own examples: sources that it leaves alone, and pairs of source before and after."""
    module = importlib.import_module(rule.transformer.__module__)
    return tuple(module.VALID), tuple(module.INVALID)
