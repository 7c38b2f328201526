"""What a search for a reproducing test found."""

from __future__ import annotations

from dataclasses import dataclass

from tasks.models import FileEdit


@dataclass(frozen=True)
class Reproduction:
    """A new test that fails as the incident says."""

    edit: FileEdit
    """The new test file, in the repository's own test folder."""
    node_ids: tuple[str, ...]
    raises: str
    """The exception it fails with, e.g. `KeyError: 'note'`."""
    how: str
    """One sentence on what the input was made of and what the test asserts."""
