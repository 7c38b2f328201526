"""What a check is given: the change as a whole, and the house that it moves into."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from tasks.models import RepositoryContext, ValidationIssue
from tasks.validation.customs import Customs, mine, mine_repository
from tasks.validation.delta import FileChange
from tasks.validation.source import Source
from tasks.validation.team_rules import TeamRule


@dataclass(frozen=True, eq=False)
class House:
    """What of the repository and its team matters to the checks."""

    repository: RepositoryContext | None = None
    team_rules: tuple[TeamRule, ...] = ()

    @property
    def minimum_python(self) -> tuple[int, int] | None:
        return self.repository.minimum_python if self.repository else None


@dataclass(frozen=True, eq=False)
class Change:
    files: tuple[FileChange, ...]
    house: House = field(default_factory=House)
    whole_files: bool = False
    """The files stand for themselves: nothing is known of what they were before."""

    @property
    def python_files(self) -> Iterator[FileChange]:
        """Files whose version after is Python that parses."""
        return (file for file in self.files if file.after is not None and file.after.tree is not None)

    @cached_property
    def customs(self) -> Customs:
        """Those of the files before the change and, where it is known, of the repository around them."""
        own = mine(file.before for file in self.files if file.before is not None)
        return own + mine_repository(self.house.repository) if self.house.repository is not None else own


FileCheck = Callable[[Source, House], Iterable[ValidationIssue]]
"""Says what is wrong with one version of a file; what both versions have is not reported."""

ChangeCheck = Callable[[Change], Iterable[ValidationIssue]]
"""Says what is wrong with the step from one version to the other."""
