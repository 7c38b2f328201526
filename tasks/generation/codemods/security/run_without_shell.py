"""Run programs without a shell.

What it does
    Turns the command line of `subprocess` calls with `shell=True`, and of `os.system` and `os.popen(...).read()`
    where values are put into it, into a list of arguments; each value becomes one argument. A `*` is expanded by
    `glob`.

Why it matters
    A value that holds `; rm -rf /` is a second command to a shell, and a plain argument without one.

Example
    Before: subprocess.run(f"ls -l {folder}", shell=True)
    After:  subprocess.run(["ls", "-l", folder])

When it does not apply
    Pipes, redirections, variables and other things that only a shell understands; commands that are computed
    elsewhere (`split_shell_command` is for those).

Fix safety
    hardening: a value with blanks is one argument instead of several; a program that is missing raises
    `FileNotFoundError` instead of exit code 127.

References
    CWE-78; https://docs.python.org/3/library/subprocess.html#security-considerations
"""

from __future__ import annotations

import libcst as cst

from tasks.generation.codemods.base import Codemod
from tasks.generation.codemods.model import Rule
from tasks.generation.codemods.shell_words import argument_list
from tasks.generation.codemods.syntax import (
    argument,
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


class RunWithoutShell(Codemod):
    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.BaseExpression:
        if self.calls(original_node, CALLS):
            return self._subprocess(original_node, updated_node)
        if self.calls(original_node, {"os.system"}):
            return self._system(original_node, updated_node)
        return self._popen_read(original_node, updated_node)

    def _subprocess(self, original: cst.Call, updated: cst.Call) -> cst.Call:
        shell, command = keyword(original, "shell"), argument(original, 0, "args")
        if shell is None or command is None or has_star(original) or keyword(original, "executable"):
            return updated
        if not _is_true(shell.value) or not self.wanted(original):
            return updated
        words = command.value if isinstance(command.value, cst.List) else self._arguments(command.value)
        if words is None or not self.accept(original, "run the program without a shell"):
            return updated
        given = argument(updated, 0, "args")
        if given is None:
            return updated
        return _shell_less(with_value(updated, given, words))

    def _system(self, original: cst.Call, updated: cst.Call) -> cst.Call:
        used = not isinstance(self.parent(original), cst.Expr)
        text = string_value(original.args[0].value) if len(original.args) == 1 else ""
        if used or len(original.args) != 1 or (text is not None and "*" not in text):
            return updated
        words = self._arguments(original.args[0].value) if self.wanted(original) else None
        if words is None:
            return updated
        run = self.name_for("subprocess.run")
        self.accept(original, "run the program without a shell")
        return with_keyword(cst.Call(run, [cst.Arg(words)]), "check", "False")

    def _popen_read(self, original: cst.Call, updated: cst.Call) -> cst.BaseExpression:
        func = original.func
        if not isinstance(func, cst.Attribute) or func.attr.value != "read" or original.args:
            return updated
        inner = func.value
        if not isinstance(inner, cst.Call) or not self.calls(inner, {"os.popen"}) or len(inner.args) != 1:
            return updated
        if string_value(inner.args[0].value) is not None or not self.wanted(original):
            return updated
        words = self._arguments(inner.args[0].value)
        if words is None:
            return updated
        call = cst.Call(self.name_for("subprocess.run"), [cst.Arg(words)])
        self.accept(original, "run the program without a shell")
        for name, value in (("capture_output", "True"), ("text", "True"), ("check", "False")):
            call = with_keyword(call, name, value)
        return cst.Attribute(call, cst.Name("stdout"))

    def _arguments(self, command: cst.BaseExpression) -> cst.List | None:
        value = self.constant(command)
        text = string_value(value)
        glob = self.name_for("glob.glob") if text is not None and "*" in text and argument_list(value) is None else None
        words = argument_list(value, glob)
        if words is None and glob is not None:
            self.needed.clear()
        return words


def _is_true(node: cst.BaseExpression) -> bool:
    if isinstance(node, cst.Name):
        return node.value == "True"
    if isinstance(node, cst.List | cst.Dict):
        return bool(node.elements)
    return bool(string_value(node)) or bool(integer_value(node))


def _shell_less(call: cst.Call) -> cst.Call:
    flag = keyword(call, "shell")
    return without_argument(call, flag) if flag is not None else call


RULE = Rule(
    id="run_without_shell",
    title="Run programs without a shell",
    domain=Domain.SECURITY,
    safety="hardening",
    transformer=RunWithoutShell,
    hints=("subprocess", "popen", "system"),
    cwe=(78, 88),
    bandit=("B602", "B605", "B609"),
    ruff=("S602", "S605", "S609"),
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
subprocess.run(command, shell=True)
""",
    """\
import os
os.system('clear')
""",
    """\
import subprocess
subprocess.run(f'{tool} x', shell=True)
""",
)
INVALID = (
    (
        """\
import subprocess
subprocess.run(f'ls -l {path}', shell=True, check=True)
""",
        """\
import subprocess
subprocess.run(["ls", "-l", path], check=True)
""",
    ),
    (
        """\
from subprocess import check_output as co
import shlex
out = co('tar xf ' + shlex.quote(p) + ' -C /x', shell=True)
""",
        """\
from subprocess import check_output as co
out = co(["tar", "xf", p, "-C", "/x"])
""",
    ),
    (
        """\
import os
os.system('rm -r /data/%s' % name)
""",
        """\
import subprocess
subprocess.run(["rm", "-r", f"/data/{name}"], check=False)
""",
    ),
    (
        """\
import subprocess
subprocess.call('chown me *', shell=True)
""",
        """\
import glob
import subprocess
subprocess.call(["chown", "me", *glob.glob("./*")])
""",
    ),
    (
        """\
import os
t = os.popen(f'id {user}').read()
""",
        """\
import subprocess
t = subprocess.run(["id", user], capture_output=True, text=True, check=False).stdout
""",
    ),
    (
        """\
import subprocess
subprocess.call([tool, path], shell=True)
""",
        """\
import subprocess
subprocess.call([tool, path])
""",
    ),
)
