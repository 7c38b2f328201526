"""Encoding, newlines, indentation and the final newline stay as the file had them."""

from __future__ import annotations

from collections.abc import Iterator

from tasks.models import Level, ValidationIssue
from tasks.validation.change import Change
from tasks.validation.source import Source


def check_file_form(change: Change) -> Iterator[ValidationIssue]:
    for file in change.files:
        if file.before is not None and file.after is not None and file.before.text:
            yield from _newlines(file.before, file.after)
            yield from _byte_order_mark(file.before, file.after)
            yield from _indentation(file.before, file.after)


def _newlines(before: Source, after: Source) -> Iterator[ValidationIssue]:
    old, new = _newline_kinds(before.text), _newline_kinds(after.text)
    if len(old) == 1 and new - old:
        names = " and ".join(sorted(repr(kind) for kind in new - old))
        message = f"brings {names} newlines into a file that uses {next(iter(old))!r}"
        yield after.issue(Level.SYNTAX, "newline-changed", "error", None, message, "keep the file's newlines")
    if before.text.endswith("\n") and after.text and not after.text.endswith("\n"):
        message = "removes the newline at the end of the file"
        yield after.issue(Level.SYNTAX, "final-newline", "warning", None, message, "end the file with a newline")


def _newline_kinds(text: str) -> set[str]:
    crlf = text.count("\r\n")
    counts = {"\r\n": crlf, "\n": text.count("\n") - crlf, "\r": text.count("\r") - crlf}
    return {kind for kind, count in counts.items() if count}


def _byte_order_mark(before: Source, after: Source) -> Iterator[ValidationIssue]:
    if after.text.startswith("\ufeff") and not before.text.startswith("\ufeff"):
        message = "adds a byte order mark"
        yield after.issue(Level.SYNTAX, "byte-order-mark", "error", 1, message, "write the file without it")


def _indentation(before: Source, after: Source) -> Iterator[ValidationIssue]:
    old, new = _indents(before), _indents(after)
    if len(set(old.values())) == 1 and old:
        kind = next(iter(old.values()))
        line = next((number for number, found in new.items() if found != kind), None)
        if line is not None:
            message = f"indents with {new[line]} in a file that indents with {kind}"
            yield after.issue(Level.SYNTAX, "indentation-changed", "error", line, message, f"indent with {kind}")


def _indents(source: Source) -> dict[int, str]:
    """What each statement's line begins with; only Python, where strings over several lines can be told apart."""
    if source.tree is None:
        return {}
    starts = {getattr(node, "lineno", 0) for node in source.nodes}
    found: dict[int, str] = {}
    for number in sorted(starts):
        line = source.lines[number - 1] if 0 < number <= len(source.lines) else ""
        if line.startswith("\t"):
            found[number] = "tabs"
        elif line.startswith(" "):
            found[number] = "spaces"
    return found
