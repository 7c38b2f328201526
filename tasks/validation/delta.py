"""What a change brought, told apart from what was there before: line mapping, renames, matched findings."""

from __future__ import annotations

import bisect
import difflib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from tasks.models import FileEdit, ValidationIssue
from tasks.validation.source import Source

RENAME_SIMILARITY = 0.5
"""Share of equal lines from which a file that appears is taken for one that vanishes."""


@dataclass(frozen=True, eq=False)
class FileChange:
    """One file before and after; a renamed file is one change."""

    before: Source | None
    after: Source | None

    @property
    def path(self) -> str:
        side = self.after or self.before
        return side.path if side else ""

    @cached_property
    def line_map(self) -> LineMap:
        return LineMap(self.before.lines if self.before else [], self.after.lines if self.after else [])

    @cached_property
    def changed_lines(self) -> frozenset[int]:
        """Lines of the version after that the change added or rewrote."""
        return self.line_map.added

    def is_new(self, line: int) -> bool:
        """Whether the change wrote this line, rather than moving it here."""
        if line not in self.changed_lines or self.after is None:
            return False
        return self.after.line(line) not in self._removed_texts

    @cached_property
    def _removed_texts(self) -> frozenset[str]:
        before = self.before
        return frozenset(before.line(number) for number in self.line_map.removed) if before else frozenset()

    def touches(self, first: int, last: int | None) -> bool:
        """Whether the change added, rewrote or removed something within these lines of the version after."""
        end = last or first
        at = bisect.bisect_left(self._touched, first)
        return at < len(self._touched) and self._touched[at] <= end

    @cached_property
    def _touched(self) -> list[int]:
        return sorted(self.line_map.added | self.line_map.cuts)


class LineMap:
    """Which line of one text became which line of another."""

    def __init__(self, before: Sequence[str], after: Sequence[str]) -> None:
        self._to_after: dict[int, int] = {}
        self._hunk_before: dict[int, int] = {}
        self._hunk_after: dict[int, int] = {}
        added: set[int] = set()
        cuts: set[int] = set()
        for number, (tag, i1, i2, j1, j2) in enumerate(_opcodes(before, after)):
            if tag == "equal":
                self._to_after.update(zip(range(i1 + 1, i2 + 1), range(j1 + 1, j2 + 1), strict=True))
                continue
            self._hunk_before.update(dict.fromkeys(range(i1 + 1, i2 + 1), number))
            self._hunk_after.update(dict.fromkeys(range(j1 + 1, j2 + 1), number))
            added.update(range(j1 + 1, j2 + 1))
            if i2 > i1:
                cuts.update((j1, j1 + 1))
        self.added = frozenset(added)
        self.cuts = frozenset(cuts)
        """Lines next to which something was removed."""
        self.removed = frozenset(self._hunk_before)
        """Lines of the text before that are gone."""

    def after(self, line: int) -> int | None:
        """Where line `line` went; None when it was removed or rewritten."""
        return self._to_after.get(line)

    def same_hunk(self, before_line: int, after_line: int) -> bool:
        """Whether the one was rewritten into a passage that holds the other."""
        hunk = self._hunk_before.get(before_line)
        return hunk is not None and hunk == self._hunk_after.get(after_line)


def _opcodes(before: Sequence[str], after: Sequence[str]) -> list[tuple[str, int, int, int, int]]:
    """difflib's, with equal ends cut off first so that a small change in a long file costs little."""
    head = 0
    while head < min(len(before), len(after)) and before[head] == after[head]:
        head += 1
    tail = 0
    while tail < min(len(before), len(after)) - head and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    middle_before, middle_after = before[head : len(before) - tail], after[head : len(after) - tail]
    matcher = difflib.SequenceMatcher(None, middle_before, middle_after, autojunk=len(middle_after) > 2_000)
    codes: list[tuple[str, int, int, int, int]] = [("equal", 0, head, 0, head)]
    codes += [(tag, i1 + head, i2 + head, j1 + head, j2 + head) for tag, i1, i2, j1, j2 in matcher.get_opcodes()]
    return [*codes, ("equal", len(before) - tail, len(before), len(after) - tail, len(after))]


def pair_files(edits: Iterable[FileEdit], known: Callable[[str, str], Source] = Source) -> tuple[FileChange, ...]:
    """The edits as changes, a vanished file joined to the new one that holds most of its lines.

    `known` gives the version before for its path and text, so that a caller can hand out one that is parsed already.
    """
    gone: list[Source] = []
    born: list[Source] = []
    changes: list[FileChange] = []
    for edit in edits:
        before = None if edit.before is None else known(edit.path, edit.before)
        after = None if edit.after is None else Source(edit.path, edit.after)
        if before and after:
            changes.append(FileChange(before, after))
        elif before:
            gone.append(before)
        elif after:
            born.append(after)
    for after in born:
        origin = _origin(after, gone)
        if origin is not None:
            gone.remove(origin)
        changes.append(FileChange(origin, after))
    return (*changes, *(FileChange(before, None) for before in gone))


def _origin(after: Source, gone: Sequence[Source]) -> Source | None:
    """The vanished file that holds most of the lines of `after`; None when none holds enough."""
    shares = [(_share(before, after), number) for number, before in enumerate(gone)]
    best, number = max(shares, default=(0.0, 0))
    return gone[number] if best >= RENAME_SIMILARITY else None


def _share(before: Source, after: Source) -> float:
    left, right = Counter(before.lines), Counter(after.lines)
    return 2 * (left & right).total() / max(1, left.total() + right.total())


_RANK = {"info": 0, "warning": 1, "error": 2}


@dataclass(frozen=True)
class Delta:
    brought: tuple[ValidationIssue, ...]
    mended: tuple[ValidationIssue, ...]


@dataclass(frozen=True)
class FileFindings:
    change: FileChange
    before: tuple[ValidationIssue, ...]
    after: tuple[ValidationIssue, ...]


def compare(files: Sequence[FileFindings]) -> Delta:
    """Findings that only one side has.

    Two findings of one rule are the same when their lines map onto each other, when one passage was rewritten into the
    other, when they say the same about the same function, or when the text of their lines is equal anywhere in the
    change (moved code). A finding that got more severe is never the same.
    """
    left: list[tuple[Source, ValidationIssue]] = []
    right: list[tuple[Source, ValidationIssue]] = []
    for file in files:
        before, after = list(file.before), list(file.after)
        if file.change.before and file.change.after:
            _drop_pairs(before, after, file.change)
        left += [(file.change.before, finding) for finding in before if file.change.before]
        right += [(file.change.after, finding) for finding in after if file.change.after]
    _drop_moved(left, right)
    return Delta(tuple(finding for _, finding in right), tuple(finding for _, finding in left))


def _drop_pairs(before: list[ValidationIssue], after: list[ValidationIssue], change: FileChange) -> None:
    lines = change.line_map
    sides = (change.before, change.after)

    def kept_line(old: ValidationIssue, new: ValidationIssue) -> bool:
        return old.line == new.line if old.line is None or new.line is None else lines.after(old.line) == new.line

    def rewritten(old: ValidationIssue, new: ValidationIssue) -> bool:
        return bool(old.line and new.line and lines.same_hunk(old.line, new.line))

    def same_function(old: ValidationIssue, new: ValidationIssue) -> bool:
        names = [side.function_name_at(f.line) for side, f in zip(sides, (old, new), strict=True) if side]
        return old.message == new.message and names[0] == names[1]

    for same in (kept_line, rewritten, same_function):
        for new in tuple(after):
            old = next((o for o in before if _comparable(o, new) and same(o, new)), None)
            if old is not None:
                before.remove(old)
                after.remove(new)


def _drop_moved(left: list[tuple[Source, ValidationIssue]], right: list[tuple[Source, ValidationIssue]]) -> None:
    for new_side, new in tuple(right):
        text = new_side.line(new.line)
        twin = next(
            ((side, old) for side, old in left if _comparable(old, new) and text and side.line(old.line) == text), None
        )
        if twin is not None:
            left.remove(twin)
            right.remove((new_side, new))


def _comparable(old: ValidationIssue, new: ValidationIssue) -> bool:
    return old.code == new.code and _RANK[new.severity] <= _RANK[old.severity]
