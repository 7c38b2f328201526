"""A function that did something and now only returns a constant, passes or raises NotImplementedError."""

from __future__ import annotations

from collections.abc import Iterator

from tasks.models import Level, ValidationIssue
from tasks.validation.change import Change
from tasks.validation.checks.best_practices.bodies import does_work


def check_gutted_body(change: Change) -> Iterator[ValidationIssue]:
    for file in change.python_files:
        if file.before is None or file.after is None or file.before.tree is None or file.after.is_test:
            continue
        for name, after in file.after.functions.items():
            before = file.before.functions.get(name)
            if before is not None and does_work(before) and not does_work(after):
                message = f"{name}() did its work before and is an empty shell now"
                suggestion = "mend the fault inside the function; don't remove what it does"
                yield file.after.issue(Level.BEST_PRACTICES, "gutted-body", "error", after, message, suggestion)
