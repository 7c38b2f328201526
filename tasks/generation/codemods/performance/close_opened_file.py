"""Close files whatever happens.

What it does
    Turns `f = open(path)` followed by one statement that reads or writes it, with or without `f.close()`, into
    `with open(path) as f:`.

Why it matters
    A file that is not closed when a line raises keeps a descriptor, and what was written may never reach the
    disk.

Example
    Before: f = open(path); data = f.read(); f.close()
    After:  with open(path) as f: data = f.read()

When it does not apply
    The file is returned, stored or handed to another function, or used in more than the next statements before
    `close()`.

Fix safety
    safe: the file is closed earlier, and also after an exception.

References
    CWE-772; https://docs.python.org/3/library/functions.html#open
"""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from tasks.generation.codemods.base import Codemod
from tasks.generation.codemods.model import Rule
from tasks.generation.codemods.syntax import assigned_name, code_of, descendants, uses_name
from tasks.models import Domain


class CloseOpenedFile(Codemod):
    def leave_IndentedBlock(
        self, original_node: cst.IndentedBlock, updated_node: cst.IndentedBlock
    ) -> cst.IndentedBlock:
        old, lines = original_node.body, list(updated_node.body)
        for position, line in enumerate(old):
            pair = assigned_name(line)
            if pair is None or not isinstance(pair[1], cst.Call) or not self.calls(pair[1], {"open", "io.open"}):
                continue
            end = _end_of_use(old[position + 1 :], pair[0])
            if end == 0 or any(uses_name(x, {pair[0]}) for x in old[position + 1 + end :]):
                continue
            if not self.accept(line, f"close {pair[0]} whatever happens"):
                continue
            inside = [x for x in lines[position + 1 : position + 1 + end] if not _closes(x, pair[0])]
            opened = cst.ensure_type(lines[position], cst.SimpleStatementLine)
            value = cst.ensure_type(opened.body[0], cst.Assign).value
            item = cst.WithItem(value, cst.AsName(cst.Name(pair[0])))
            block = cst.With(
                [item], cst.IndentedBlock(inside, header=opened.trailing_whitespace), leading_lines=opened.leading_lines
            )
            return updated_node.with_changes(body=[*lines[:position], block, *lines[position + 1 + end :]])
        return updated_node


def _closes(line: cst.CSTNode, name: str) -> bool:
    return code_of(line).strip() == f"{name}.close()"


def _end_of_use(rest: Sequence[cst.CSTNode], name: str) -> int:
    """How many lines belong inside: up to `close()`, or the first use; 0 when the file may leave them."""
    closing = next((i for i, line in enumerate(rest) if _closes(line, name)), None)
    length = closing + 1 if closing is not None else 1
    inside = rest[:length]
    if (closing is None and not (inside and uses_name(inside[0], {name}))) or closing == 0:
        return 0
    for line in inside:
        uses = sum(isinstance(n, cst.Name) and n.value == name for n in descendants(line))
        if uses != sum(_is_method(n, name) for n in descendants(line)) + sum(
            _is_loop(n, name) for n in descendants(line)
        ):
            return 0
        if any(isinstance(n, cst.Yield | cst.Lambda | cst.FunctionDef) for n in descendants(line)):
            return 0
    return length


def _is_method(node: cst.CSTNode, name: str) -> bool:
    func = node.func if isinstance(node, cst.Call) else None
    return isinstance(func, cst.Attribute) and isinstance(func.value, cst.Name) and func.value.value == name


def _is_loop(node: cst.CSTNode, name: str) -> bool:
    return isinstance(node, cst.For) and isinstance(node.iter, cst.Name) and node.iter.value == name


RULE = Rule(
    id="close_opened_file",
    title="Close files whatever happens",
    domain=Domain.PERFORMANCE,
    safety="safe",
    transformer=CloseOpenedFile,
    hints=("open(",),
    cwe=(772, 404),
    ruff=("SIM115",),
    codeql=("py/file-not-closed", "py/should-use-with"),
    exceptions=("OSError",),
    words=("too many open files", "resourcewarning", "unclosed file", "file descriptor", "emfile"),
)

VALID = (
    """\
def f(p):
    f = open(p)
    return f
""",
    """\
def f(p):
    f = open(p)
    g(f)
    f.close()
""",
)
INVALID = (
    (
        """\
def f(p):
    # all
    f = open(p)  # text
    data = f.read()
    n = len(data)
    f.close()
    return data
""",
        """\
def f(p):
    # all
    with open(p) as f:  # text
        data = f.read()
        n = len(data)
    return data
""",
    ),
    (
        """\
def f(p):
    f = open(p)
    return f.read()
""",
        """\
def f(p):
    with open(p) as f:
        return f.read()
""",
    ),
)
