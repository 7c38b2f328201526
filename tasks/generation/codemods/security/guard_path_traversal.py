"""Keep paths inside their folder.

What it does
    Where a function joins a parameter to a folder and opens, sends or deletes the result, inserts a check that
    the resolved path lies inside the folder.

Why it matters
    A name like `../../etc/passwd` leads out of the folder; an absolute one replaces it.

Example
    Before: path = os.path.join(folder, name)
    After:  ... if not os.path.realpath(path).startswith(...): raise PermissionError(...)

When it does not apply
    The function already resolves or checks the path, or the joined part is not a parameter.

Fix safety
    review: names that lead out of the folder, through links as well, raise `PermissionError`.

References
    CWE-22; https://owasp.org/www-community/attacks/Path_Traversal
"""

from __future__ import annotations

import re

import libcst as cst

from tasks.generation.codemods.base import Codemod
from tasks.generation.codemods.model import Rule
from tasks.generation.codemods.syntax import assigned_name, code_of, descendants
from tasks.models import Domain

USES = re.compile(r"\b(open|send_file|FileResponse|remove|unlink|rmtree|read_text|read_bytes|write_text|write_bytes)\(")
CHECKED = re.compile(
    r"realpath|abspath|resolve\(|is_relative_to|relative_to|commonp|secure_filename|safe_join|basename|normpath"
)


class GuardPathTraversal(Codemod):
    def leave_IndentedBlock(
        self, original_node: cst.IndentedBlock, updated_node: cst.IndentedBlock
    ) -> cst.IndentedBlock:
        lines: list[cst.BaseStatement] = list(updated_node.body)
        for position in reversed(range(len(lines))):
            guard = self._guard_for(original_node.body[position])
            if guard is None:
                continue
            following = lines[position + 1] if position + 1 < len(lines) else None
            if isinstance(following, cst.Try):
                # the function answers errors of the use there, and so this one
                body = following.body.with_changes(body=[guard, *following.body.body])
                lines[position + 1] = following.with_changes(body=body)
            else:
                lines.insert(position + 1, guard)
        return updated_node.with_changes(body=lines)

    def _guard_for(self, line: cst.BaseStatement) -> cst.BaseStatement | None:
        pair = assigned_name(line)
        function = self.enclosing_function(line)
        if pair is None or function is None:
            return None
        folder = self._joined_folder(pair[1], function)
        body = code_of(function.body)
        if folder is None or CHECKED.search(body) or not USES.search(body) or not self.wanted(line):
            return None
        guard = self._guard(pair[0], code_of(folder), isinstance(pair[1], cst.BinaryOperation))
        self.accept(line, f"refuse paths that lead out of {code_of(folder)}")
        return guard

    def _joined_folder(self, value: cst.BaseExpression, function: cst.FunctionDef) -> cst.BaseExpression | None:
        """The folder that a parameter of the function is joined to."""
        if isinstance(value, cst.Call) and self.calls(value, {"os.path.join"}) and len(value.args) == 2:
            folder, name = value.args[0].value, value.args[1].value
        elif isinstance(value, cst.BinaryOperation) and isinstance(value.operator, cst.Divide):
            folder, name = value.left, value.right
            if not self._is_path(folder):
                return None
        else:
            return None
        given = _parameters(function)
        if not isinstance(name, cst.Name) or name.value not in given or _has_call(folder):
            return None
        return folder

    def _is_path(self, node: cst.BaseExpression) -> bool:
        return bool(self.made_by(node) & {"pathlib.Path"})

    def _guard(self, path: str, folder: str, is_path: bool) -> cst.BaseStatement:
        if is_path:
            test = f"not {path}.resolve().is_relative_to({folder}.resolve())"
        else:
            real, common = code_of(self.name_for("os.path.realpath")), code_of(self.name_for("os.path.commonpath"))
            test = f"{common}([{real}({folder}), {real}({path})]) != {real}({folder})"
        code = f'if {test}:\n    raise PermissionError(f"{{{path}!r}} lies outside {{{folder}!r}}")\n'
        return cst.parse_statement(code)


def _parameters(function: cst.FunctionDef) -> set[str]:
    params = function.params
    return {p.name.value for p in (*params.posonly_params, *params.params, *params.kwonly_params)} - {"self", "cls"}


def _has_call(node: cst.CSTNode) -> bool:
    return any(isinstance(child, cst.Call) for child in descendants(node))


RULE = Rule(
    id="guard_path_traversal",
    title="Keep paths inside their folder",
    domain=Domain.SECURITY,
    safety="review",
    transformer=GuardPathTraversal,
    hints=("join", "Path("),
    cwe=(22, 23, 36, 73),
    codeql=("py/path-injection",),
    words=("path traversal", "directory traversal", "../"),
)

VALID = (
    """\
import os


def f(d, n):
    p = os.path.join(d, os.path.basename(n))
    return open(p)
""",
    """\
import os


def f(d):
    p = os.path.join(d, 'x')
    return open(p)
""",
)
INVALID = (
    (
        """\
import os


def read(folder, name):
    path = os.path.join(folder, name)
    with open(path) as f:
        return f.read()
""",
        """\
import os


def read(folder, name):
    path = os.path.join(folder, name)
    if os.path.commonpath([os.path.realpath(folder), os.path.realpath(path)]) != os.path.realpath(folder):
        raise PermissionError(f"{path!r} lies outside {folder!r}")
    with open(path) as f:
        return f.read()
""",
    ),
    (
        """\
import os


def read(folder, name):
    path = os.path.join(folder, name)
    try:
        return open(path).read()
    except OSError:
        return ""
""",
        """\
import os


def read(folder, name):
    path = os.path.join(folder, name)
    try:
        if os.path.commonpath([os.path.realpath(folder), os.path.realpath(path)]) != os.path.realpath(folder):
            raise PermissionError(f"{path!r} lies outside {folder!r}")
        return open(path).read()
    except OSError:
        return ""
""",
    ),
)
