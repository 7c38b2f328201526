"""Running a codemod over one file's text: parse, change, import, and refuse what would not compile."""

from __future__ import annotations

import ast
import logging
import warnings
from collections.abc import Collection

import libcst as cst
from libcst.metadata import MetadataWrapper

from tasks.generation.codemods.base import NameTakenError
from tasks.generation.codemods.imports import add_imports, drop_unused
from tasks.generation.codemods.model import AppliedEdit, Rewrite, Rule

logger = logging.getLogger(__name__)


class ParsedFile:
    """A file's text with its syntax tree and metadata, shared by the rules until one of them changes it."""

    def __init__(self, text: str, path: str, packages: Collection[str] = ()) -> None:
        """Raises libcst.ParserSyntaxError when the text is not Python 3."""
        self.text = text
        self.path = path
        self.packages = frozenset(packages)
        self._wrapper = MetadataWrapper(cst.parse_module(text), unsafe_skip_copy=True)

    def apply(self, rule: Rule, lines: Collection[int] | None = None) -> Rewrite:
        """What the rule makes of the file; without edits when it finds nothing or its result would not compile."""
        module = self._wrapper.module
        codemod = rule.transformer(module, self.path, lines=lines, packages=self.packages, finding_ids=rule.finding_ids)
        try:
            with warnings.catch_warnings():
                # reading a literal with an odd escape warns
                warnings.simplefilter("ignore")
                changed = self._wrapper.visit(codemod)
        except NameTakenError as taken:
            logger.debug("%s leaves %s alone: the name %s is taken", rule.id, self.path, taken)
            return Rewrite(self.text)
        except RecursionError:
            logger.debug("%s leaves %s alone: its expressions are nested too deep", rule.id, self.path)
            return Rewrite(self.text)
        if not codemod.changes:
            return Rewrite(self.text)
        changed = drop_unused(module, add_imports(changed, codemod.needed), self.path)
        if changed.code == self.text or not _compiles_as_before(self.text, changed.code):
            return Rewrite(self.text)
        edits = tuple(AppliedEdit(rule.id, self.path, line, text) for line, text in sorted(set(codemod.changes)))
        return Rewrite(changed.code, edits)


def _compiles_as_before(before: str, after: str) -> bool:
    return _compiles(after) or not _compiles(before)


def _compiles(text: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ast.parse(text)
        except (SyntaxError, ValueError):
            return False
    return True
