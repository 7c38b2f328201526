"""What a check is given: the change as a whole, and the house that it moves into."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from tasks.models import RepositoryContext, ValidationIssue
from tasks.validation.delta import FileChange
from tasks.validation.source import Source


@dataclass(frozen=True, eq=False)
class House:
    """What of the repository matters to the checks."""

    repository: RepositoryContext | None = None
    minimum_python: tuple[int, int] | None = None


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


FileCheck = Callable[[Source, House], Iterable[ValidationIssue]]
"""Says what is wrong with one version of a file; what both versions have is not reported."""

ChangeCheck = Callable[[Change], Iterable[ValidationIssue]]
"""Says what is wrong with the step from one version to the other."""
