"""How much an edit adds and removes."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher

from analytics.events import FileChange
from tasks.models import FileEdit


def file_changes(edits: Iterable[FileEdit]) -> tuple[FileChange, ...]:
    """Lines added and removed in each file."""
    return tuple(_change(edit) for edit in edits)


def _change(edit: FileEdit) -> FileChange:
    before, after = (edit.before or "").splitlines(), (edit.after or "").splitlines()
    start = _common(before, after)
    # Most edits touch a few neighbouring lines: what is equal on both sides need not be compared.
    end = _common(before[start:][::-1], after[start:][::-1])
    before, after = before[start : len(before) - end], after[start : len(after) - end]
    kept = sum(block.size for block in SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks())
    return FileChange(path=edit.path, added=len(after) - kept, removed=len(before) - kept)


def _common(left: list[str], right: list[str]) -> int:
    """Number of equal lines that both begin with, found by halves."""
    equal, bound = 0, min(len(left), len(right))
    while equal < bound:
        middle = (equal + bound + 1) // 2
        if left[equal:middle] == right[equal:middle]:
            equal = middle
        else:
            bound = middle - 1
    return equal
