"""Codemods: deterministic repairs of known faults, one rule a file, formatting and comments kept."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import libcst as cst

from tasks.generation.codemods.model import AppliedEdit, Rule
from tasks.generation.codemods.registry import RULES
from tasks.generation.codemods.rewriting import ParsedFile
from tasks.generation.codemods.source import CodemodSource

__all__ = ["RULES", "AppliedEdit", "CodemodSource", "Rule", "apply_codemods"]


def apply_codemods(
    source: str, path: str, rules: Sequence[str] | None = None, *, packages: Collection[str] = ()
) -> tuple[str, tuple[AppliedEdit, ...]]:
    """The source after the named rules, and what each of them changed.

    None stands for all rules that need no review. `packages` are the importable packages that the project depends on
    besides those that the file imports. A source that is not Python 3 comes back as it is.
    """
    chosen = [r for r in RULES.values() if r.safety != "review"] if rules is None else [RULES[name] for name in rules]
    edits: list[AppliedEdit] = []
    file: ParsedFile | None = None
    for rule in chosen:
        if not rule.may_apply(source):
            continue
        try:
            file = file or ParsedFile(source, path, packages)
        except cst.ParserSyntaxError:
            return source, ()
        result = file.apply(rule)
        if result.edits:
            edits.extend(result.edits)
            source, file = result.text, None
    return source, tuple(edits)
