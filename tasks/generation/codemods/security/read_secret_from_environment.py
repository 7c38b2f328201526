"""Read secrets from the environment.

What it does
    Replaces a literal that is assigned to, passed as, or compared with something named as a password, secret or
    token by `os.environ[...]`.

Why it matters
    Whoever can read the code, its history or an image of it has the secret, and it cannot be changed without a
    release.

Example
    Before: DB_PASSWORD = "hunter2"
    After:  DB_PASSWORD = os.environ["DB_PASSWORD"]

When it does not apply
    Empty texts, defaults of parameters, texts with blanks, names of fields, headers or environment variables; two
    different secrets that would share a name.

Fix safety
    review: the process stops with `KeyError` until the variable is set; the old secret must be changed, since
    history keeps it.

References
    CWE-798, CWE-259; https://12factor.net/config
"""

from __future__ import annotations

import re

import libcst as cst

from tasks.generation.codemods.base import Codemod
from tasks.generation.codemods.model import Rule
from tasks.generation.codemods.syntax import dotted, string_value
from tasks.models import Domain

SECRET = re.compile(
    r"(pass(wor)?d|passwd|passphrase|\bpwd|_pwd|secret|token|api_?key|private_?key|access_?key)", re.IGNORECASE
)
NOT_SECRET = re.compile(
    r"(_name|_field|_header|_url|_path|_file|_type|_len|_length|_id|_regex|_format|_prefix|_env)$", re.IGNORECASE
)
WORD_BREAK = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+")


class ReadSecretFromEnvironment(Codemod):
    def visit_Module(self, node: cst.Module) -> None:
        self._values: dict[str, str] = {}

    def leave_Assign(self, original_node: cst.Assign, updated_node: cst.Assign) -> cst.Assign:
        name = _last_name(original_node.targets[0].target)
        value = self._from_environment(original_node, name, original_node.value)
        return updated_node if value is None else updated_node.with_changes(value=value)

    def leave_Arg(self, original_node: cst.Arg, updated_node: cst.Arg) -> cst.Arg:
        name = original_node.keyword.value if original_node.keyword is not None else None
        value = self._from_environment(original_node, name, original_node.value)
        return updated_node if value is None else updated_node.with_changes(value=value)

    def leave_DictElement(self, original_node: cst.DictElement, updated_node: cst.DictElement) -> cst.DictElement:
        value = self._from_environment(original_node, string_value(original_node.key), original_node.value)
        return updated_node if value is None else updated_node.with_changes(value=value)

    def leave_Comparison(self, original_node: cst.Comparison, updated_node: cst.Comparison) -> cst.Comparison:
        if len(original_node.comparisons) != 1 or not isinstance(original_node.comparisons[0].operator, cst.Equal):
            return updated_node
        name = _last_name(original_node.left)
        value = self._from_environment(original_node, name, original_node.comparisons[0].comparator)
        if value is None:
            return updated_node
        return updated_node.with_changes(comparisons=[updated_node.comparisons[0].with_changes(comparator=value)])

    def _from_environment(
        self, node: cst.CSTNode, name: str | None, value: cst.BaseExpression
    ) -> cst.BaseExpression | None:
        text = string_value(value)
        if name is None or not text or " " in text or not SECRET.search(name) or NOT_SECRET.search(name):
            return None
        if text.lower().replace("_", "") == name.lower().replace("_", "") or not self.wanted(node):
            return None
        variable = _variable(self._owner(node), name)
        if self._values.setdefault(variable, text) != text:
            return None
        environ = self.name_for("os.environ")
        self.accept(node, f"read a secret from the environment variable {variable}")
        key = cst.SubscriptElement(cst.Index(cst.SimpleString(f'"{variable}"')))
        return cst.Subscript(environ, [key])

    def _owner(self, node: cst.CSTNode) -> str:
        for above in self.ancestors(node):
            if isinstance(above, cst.FunctionDef | cst.ClassDef):
                return above.name.value
        return ""


def _last_name(node: cst.BaseExpression) -> str | None:
    if isinstance(node, cst.Subscript) and len(node.slice) == 1 and isinstance(node.slice[0].slice, cst.Index):
        return string_value(node.slice[0].slice.value)
    name = dotted(node)
    return name.rpartition(".")[2] if name else None


def _variable(owner: str, name: str) -> str:
    return "_".join(WORD_BREAK.sub("_", part).strip("_").upper() for part in (owner, name) if part.strip("_"))


RULE = Rule(
    id="read_secret_from_environment",
    title="Read secrets from the environment",
    domain=Domain.SECURITY,
    safety="review",
    transformer=ReadSecretFromEnvironment,
    hints=("pass", "pwd", "secret", "SECRET", "token", "TOKEN", "PASS", "key", "KEY", "Pass", "Secret", "Token"),
    cwe=(798, 259, 321),
    bandit=("B105", "B106"),
    ruff=("S105", "S106"),
    codeql=("py/hardcoded-credentials",),
    words=("hardcoded", "hard-coded", "leaked credential", "secret in code", "committed secret"),
)

VALID = (
    """\
password = ''
""",
    """\
TOKEN_HEADER = 'X-Token'
""",
    """\
password = 'password'
""",
    """\
def f(password='x'):
    pass
""",
)
INVALID = (
    (
        """\
import sys

DB_PASSWORD = 'hunter2'  # prod
""",
        """\
import os
import sys

DB_PASSWORD = os.environ["DB_PASSWORD"]  # prod
""",
    ),
    (
        """\
import os


def open_db():
    return connect(user='me', password='s3cret')
""",
        """\
import os


def open_db():
    return connect(user='me', password=os.environ["OPEN_DB_PASSWORD"])
""",
    ),
)
