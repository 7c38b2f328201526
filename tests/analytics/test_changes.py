from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.changes import file_changes
from tasks.models import FileEdit


def change(before: str | None, after: str | None) -> tuple[int, int]:
    (found,) = file_changes([FileEdit(path="a.py", before=before, after=after)])
    return found.added, found.removed


@pytest.mark.parametrize(
    ("before", "after", "added", "removed"),
    [
        ("a\nb\nc\n", "a\nx\nc\n", 1, 1),
        ("a\nb\nc\n", "a\nb\nc\n", 0, 0),
        ("a\nc\n", "a\nb\nc\n", 1, 0),
        ("a\nb\nc\n", "a\nc\n", 0, 1),
        ("same\nsame\n", "same\nsame\nsame\n", 1, 0),
        ("foo = 1\n", "foo = 12\n", 1, 1),
        ("x = foo\ny\n", "z = foo\ny\n", 1, 1),
        (None, "a\nb\n", 2, 0),
        ("a\nb\n", None, 0, 2),
        ("a\nb", "a\nc", 1, 1),
        ("", "", 0, 0),
        ("a\r\nb\r\n", "a\r\nc\r\n", 1, 1),
    ],
)
def test_lines_added_and_removed(before, after, added, removed):
    assert change(before, after) == (added, removed)


lines = st.lists(st.sampled_from(["a", "b", "ab", ""]), max_size=12).map(lambda items: "".join(f"{i}\n" for i in items))


@given(lines, lines)
def test_counts_balance_and_are_zero_only_for_equal_texts(before, after):
    added, removed = change(before, after)
    assert added - removed == len(after.splitlines()) - len(before.splitlines())
    assert 0 <= removed <= len(before.splitlines())
    assert (added == removed == 0) == (before == after)
