"""Lines and findings matched between two versions."""

from hypothesis import given
from hypothesis import strategies as st

from tasks.models import FileEdit, Level, ValidationIssue
from tasks.validation.delta import FileChange, FileFindings, LineMap, compare, pair_files
from tasks.validation.source import Source

LINES = st.lists(st.sampled_from(["a", "b", "c = 1", "", "    d"]), max_size=25)


@given(LINES, LINES)
def test_maps_only_equal_lines_in_order(before, after):
    lines = LineMap(before, after)
    targets = [(number, lines.after(number)) for number in range(1, len(before) + 1)]
    kept = [(old, new) for old, new in targets if new is not None]
    assert all(before[old - 1] == after[new - 1] for old, new in kept)
    assert [new for _, new in kept] == sorted({new for _, new in kept})
    assert len(kept) == len(after) - len(lines.added) == len(before) - len(lines.removed)


@given(LINES)
def test_an_unchanged_text_has_no_changed_line(lines):
    found = LineMap(lines, lines)
    assert not found.added and not found.removed


def finding(line: int, code: str = "X1", severity: str = "warning") -> ValidationIssue:
    return ValidationIssue(
        level=Level.SYNTAX, code=code, severity=severity, message=f"{code} here", path="a.py", line=line
    )


def delta(
    before: str, after: str, old: list[ValidationIssue], new: list[ValidationIssue]
) -> tuple[list[int], list[int]]:
    change = FileChange(Source("a.py", before), Source("a.py", after))
    found = compare([FileFindings(change, tuple(old), tuple(new))])
    return [f.line or 0 for f in found.brought], [f.line or 0 for f in found.mended]


def test_a_finding_that_moved_with_its_line_is_old():
    assert delta("x\ny\n", "new\nx\ny\n", [finding(2)], [finding(3)]) == ([], [])


def test_a_finding_on_a_rewritten_line_is_old():
    assert delta("a\nx = 1\nb\n", "a\nx = 2\nb\n", [finding(2)], [finding(2)]) == ([], [])


def test_a_second_finding_of_a_kind_is_new():
    assert delta("x\n", "x\nx = y\n", [finding(1)], [finding(1), finding(2)]) == ([2], [])


def test_a_finding_that_got_worse_is_new():
    assert delta("x\n", "x\n", [finding(1)], [finding(1, severity="error")]) == ([1], [1])


def test_another_rule_is_another_finding():
    assert delta("x\n", "y\n", [finding(1)], [finding(1, "X2")]) == ([1], [1])


def test_joins_a_renamed_file_to_what_it_was():
    text = "".join(f"line {n}\n" for n in range(10))
    edits = [
        FileEdit(path="old.py", before=text, after=None),
        FileEdit(path="new.py", before=None, after=text + "more\n"),
    ]
    (change,) = pair_files(edits)
    assert (change.before.path, change.after.path) == ("old.py", "new.py")
    assert change.changed_lines == {11}


def test_keeps_files_apart_that_have_little_in_common():
    edits = [FileEdit(path="old.py", before="a\nb\n", after=None), FileEdit(path="new.py", before=None, after="c\nd\n")]
    assert len(pair_files(edits)) == 2
