"""Split a command line instead of starting a shell.

What it does
    Turns `subprocess` calls with `shell=True`, and `os.system`, of a computed command line into
    `shlex.split(command)` without a shell.

Why it matters
    What a shell understands, an attacker who controls a part of the line can use.

Example
    Before: subprocess.run(command, shell=True)
    After:  subprocess.run(shlex.split(command))

When it does not apply
    The command is written out in the call (`run_without_shell` is for those), or the shell is named with
    `executable`.

Fix safety
    review: pipes, redirections, variables and wildcards in the command stop working, which may be what the
    command needs.

References
    CWE-78; https://docs.python.org/3/library/shlex.html#shlex.split
"""

from __future__ import annotations

import libcst as cst

from tasks.generation.codemods.base import Codemod
from tasks.generation.codemods.model import Rule
from tasks.generation.codemods.syntax import (
    argument,
    code_of,
    has_star,
    integer_value,
    keyword,
    string_value,
    with_keyword,
    with_value,
    without_argument,
)
from tasks.models import Domain

CALLS = {f"subprocess.{name}" for name in ("run", "Popen", "call", "check_call", "check_output")}
COMPUTED = (cst.Name, cst.Attribute, cst.Call, cst.Subscript)


class SplitShellCommand(Codemod):
    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:
        if self.calls(original_node, {"os.system"}):
            return self._system(original_node, updated_node)
        if not self.calls(original_node, CALLS) or has_star(original_node) or keyword(original_node, "executable"):
            return updated_node
        shell, command = keyword(original_node, "shell"), argument(original_node, 0, "args")
        if shell is None or command is None or not _is_true(shell.value):
            return updated_node
        is_list = isinstance(self.constant(command.value), cst.List | cst.Tuple)
        if not isinstance(command.value, COMPUTED) or is_list or not self.wanted(original_node):
            return updated_node
        split = self.name_for("shlex.split")
        self.accept(original_node, "split the command line instead of starting a shell")
        given = argument(updated_node, 0, "args")
        if given is None:
            return updated_node
        changed = with_value(updated_node, given, cst.Call(split, [cst.Arg(given.value)]))
        flag = keyword(changed, "shell")
        return without_argument(changed, flag) if flag is not None else changed

    def _system(self, original: cst.Call, updated: cst.Call) -> cst.Call:
        if len(original.args) != 1 or not isinstance(self.parent(original), cst.Expr) or not self.wanted(original):
            return updated
        if not isinstance(original.args[0].value, COMPUTED):
            return updated
        run, split = self.name_for("subprocess.run"), self.name_for("shlex.split")
        self.accept(original, "split the command line instead of starting a shell")
        return with_keyword(cst.Call(run, [cst.Arg(cst.Call(split, [updated.args[0]]))]), "check", "False")


def _is_true(node: cst.BaseExpression) -> bool:
    if isinstance(node, cst.List | cst.Dict):
        return bool(node.elements)
    return code_of(node) == "True" or bool(string_value(node)) or bool(integer_value(node))


RULE = Rule(
    id="split_shell_command",
    title="Split a command line instead of starting a shell",
    domain=Domain.SECURITY,
    safety="review",
    transformer=SplitShellCommand,
    hints=("subprocess", "system"),
    cwe=(78, 88),
    bandit=("B602", "B605"),
    ruff=("S602", "S605"),
    codeql=("py/command-line-injection", "py/shell-command-constructed-from-input"),
    words=("command injection", "shell injection", "shell=true"),
)

VALID = (
    """\
import subprocess
subprocess.run('a | b', shell=True)
""",
    """\
import subprocess
subprocess.run(command)
""",
)
INVALID = (
    (
        """\
import subprocess
subprocess.run(command, shell=True, check=True)
""",
        """\
import shlex
import subprocess
subprocess.run(shlex.split(command), check=True)
""",
    ),
    (
        """\
import os
os.system(request.args["action"])
""",
        """\
import shlex
import subprocess
subprocess.run(shlex.split(request.args["action"]), check=False)
""",
    ),
)
