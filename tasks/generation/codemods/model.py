"""What a codemod is, and what it reports."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from tasks.models import Domain

if TYPE_CHECKING:
    from tasks.generation.codemods.base import Codemod

Safety = Literal["safe", "hardening", "review"]
"""`safe` always keeps behaviour; `hardening` changes it only where it was dangerous; `review` wants a person."""


@dataclass(frozen=True)
class AppliedEdit:
    rule: str
    path: str
    line: int
    """In the text as the rule found it."""
    description: str


@dataclass(frozen=True)
class Rule:
    """One codemod with what it answers to."""

    id: str
    title: str
    """What it does, as an imperative sentence."""
    domain: Domain
    safety: Safety
    transformer: type[Codemod]
    hints: tuple[str, ...]
    """The source must contain one of these for the rule to be worth running."""
    cwe: tuple[int, ...] = ()
    bandit: tuple[str, ...] = ()
    ruff: tuple[str, ...] = ()
    codeql: tuple[str, ...] = ()
    exceptions: tuple[str, ...] = ()
    """Unqualified exception types that this fault shows itself as."""
    words: tuple[str, ...] = ()
    """Phrases, in lower case, with which people and logs describe this fault."""

    @property
    def docs(self) -> str:
        """The rule's page: the docstring of its module."""
        return inspect.cleandoc(sys.modules[self.transformer.__module__].__doc__ or "")

    @property
    def finding_ids(self) -> frozenset[str]:
        return frozenset({*self.bandit, *self.ruff, *self.codeql})

    def may_apply(self, source: str) -> bool:
        return any(hint in source for hint in self.hints)


@dataclass(frozen=True)
class Rewrite:
    text: str
    edits: Sequence[AppliedEdit] = ()
