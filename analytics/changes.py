"""How much an edit adds and removes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from difflib import SequenceMatcher

from analytics.events import FileChange
from tasks.models import FileEdit


def file_changes(edits: Iterable[FileEdit]) -> tuple[FileChange, ...]:
    """Lines added and removed in each file."""
    return tuple(_change(edit) for edit in edits)


def _change(edit: FileEdit) -> FileChange:
    before, after = _middles(edit.before or "", edit.after or "")
    kept = sum(block.size for block in SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks())
    return FileChange(path=edit.path, added=len(after) - kept, removed=len(before) - kept)


def _middles(before: str, after: str) -> tuple[list[str], list[str]]:
    """The lines of each side between what both begin with and what both end with.

    Most edits touch a few neighbouring lines of a long file, so that little is left to compare.
    """
    shorter = min(len(before), len(after))
    equal = _longest(shorter, lambda low, high: before[low:high] == after[low:high])
    start = before.rfind("\n", 0, equal) + 1
    left, right = before[start:], after[start:]
    shorter = min(len(left), len(right))
    equal = _longest(shorter, lambda low, high: _tail(left, low, high) == _tail(right, low, high))
    # What is equal at the end counts from its first whole line on.
    end = left.find("\n", len(left) - equal) + 1 if equal else 0
    cut = len(left) - end if end else 0
    return left[: len(left) - cut].splitlines(), right[: len(right) - cut].splitlines()


def _tail(text: str, low: int, high: int) -> str:
    """The characters from `high` to `low` places before the end."""
    return text[len(text) - high : len(text) - low]


def _longest(bound: int, is_equal: Callable[[int, int], bool]) -> int:
    """The greatest length up to `bound` at which two texts are equal, found by halves."""
    equal = 0
    while equal < bound:
        middle = (equal + bound + 1) // 2
        if is_equal(equal, middle):
            equal = middle
        else:
            bound = middle - 1
    return equal
