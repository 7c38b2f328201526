"""The change as a whole: how much it is, and whether it stays with one thing."""

from __future__ import annotations

from collections.abc import Iterator

from tasks.models import Level, ValidationIssue
from tasks.validation.change import Change

LARGE_LINES = 400
"""Lines added and removed beyond which reviewers find few faults; SmartBear's study at Cisco names 200 to 400."""
LARGE_FILES = 10
MOSTLY_SPACING = 0.5


def check_size(change: Change) -> Iterator[ValidationIssue]:
    if change.whole_files:
        return
    lines = sum(len(file.line_map.added) + len(file.line_map.removed) for file in change.files)
    if lines > LARGE_LINES or len(change.files) > LARGE_FILES:
        message = f"changes {lines} lines in {len(change.files)} files"
        yield _about("large-change", message, "split it into steps that each make sense alone")
    spacing = sum(_respaced(file.before.text, file.after.text) for file in change.files if file.before and file.after)
    if lines > 20 and spacing > MOSTLY_SPACING * lines:
        yield _about("mostly-spacing", "mostly moves white space", "leave lines alone that the change does not need")


def _respaced(before: str, after: str) -> int:
    """Lines that differ in white space only, counted on both sides."""
    old, new = before.splitlines(), after.splitlines()
    gone = {line.strip() for line in set(old) - set(new) if line.strip()}
    return 2 * sum(1 for line in set(new) - set(old) if line.strip() in gone)


def _about(code: str, message: str, suggestion: str) -> ValidationIssue:
    return ValidationIssue(
        level=Level.BEST_PRACTICES, code=code, severity="info", message=message, suggestion=suggestion
    )
