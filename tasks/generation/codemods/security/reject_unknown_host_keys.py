"""Reject unknown SSH hosts.

What it does
    Replaces paramiko's `AutoAddPolicy` and `WarningPolicy` by `RejectPolicy`, and loads the known hosts of the
    system where the file loads none.

Why it matters
    Whoever answers first is trusted otherwise, and receives the password.

Example
    Before: client.set_missing_host_key_policy(AutoAddPolicy())
    After:  client.load_system_host_keys(); client.set_missing_host_key_policy(RejectPolicy())

When it does not apply
    A policy of the project's own is passed.

Fix safety
    hardening: hosts that are not in known_hosts are refused.

References
    CWE-295; https://docs.paramiko.org/en/stable/api/client.html
"""

from __future__ import annotations

import libcst as cst

from tasks.generation.codemods.base import Codemod
from tasks.generation.codemods.model import Rule
from tasks.generation.codemods.syntax import code_of, simple, with_value
from tasks.models import Domain

POLICIES = {f"{m}.{name}" for m in ("paramiko", "paramiko.client") for name in ("AutoAddPolicy", "WarningPolicy")}


class RejectUnknownHostKeys(Codemod):
    def visit_Module(self, node: cst.Module) -> None:
        self._loads_keys = "host_keys(" in node.code
        self._changed: set[int] = set()
        self._told: set[str] = set()

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:
        func = original_node.func
        if not isinstance(func, cst.Attribute) or len(original_node.args) != 1:
            return updated_node
        policy = original_node.args[0].value
        named = policy.func if isinstance(policy, cst.Call) else policy
        old = next(iter(self.qualified(named) & POLICIES), None)
        if func.attr.value != "set_missing_host_key_policy" or old is None or not self.wanted(original_node):
            return updated_node
        reject = self._reject_policy(named, old)
        self.accept(original_node, "reject SSH hosts whose key is not known")
        self._changed.add(id(original_node))
        value = cst.Call(reject) if isinstance(policy, cst.Call) else reject
        return with_value(updated_node, updated_node.args[0], value)

    def leave_SimpleStatementLine(
        self, original_node: cst.SimpleStatementLine, updated_node: cst.SimpleStatementLine
    ) -> cst.SimpleStatementLine | cst.FlattenSentinel[cst.SimpleStatementLine]:
        small = simple(original_node)
        call = small.value if isinstance(small, cst.Expr) else None
        if not isinstance(call, cst.Call) or id(call) not in self._changed or not isinstance(call.func, cst.Attribute):
            return updated_node
        receiver = code_of(call.func.value)
        if self._loads_keys or receiver in self._told:
            return updated_node
        self._told.add(receiver)
        load = cst.ensure_type(cst.parse_statement(f"{receiver}.load_system_host_keys()"), cst.SimpleStatementLine)
        load = load.with_changes(leading_lines=updated_node.leading_lines)
        return cst.FlattenSentinel([load, updated_node.with_changes(leading_lines=())])

    def _reject_policy(self, named: cst.BaseExpression, old: str) -> cst.BaseExpression:
        if isinstance(named, cst.Attribute):
            return named.with_changes(attr=cst.Name("RejectPolicy"))
        return self.import_name(old.rpartition(".")[0], "RejectPolicy")


RULE = Rule(
    id="reject_unknown_host_keys",
    title="Reject unknown SSH hosts",
    domain=Domain.SECURITY,
    safety="hardening",
    transformer=RejectUnknownHostKeys,
    hints=("set_missing_host_key_policy",),
    cwe=(295, 322),
    bandit=("B507",),
    ruff=("S507",),
    codeql=("py/paramiko-missing-host-key-validation",),
    words=("host key", "man in the middle"),
)

VALID = (
    """\
import paramiko
c.set_missing_host_key_policy(paramiko.RejectPolicy())
""",
)
INVALID = (
    (
        """\
import paramiko

c = paramiko.SSHClient()
# trust
c.set_missing_host_key_policy(paramiko.AutoAddPolicy())
""",
        """\
import paramiko

c = paramiko.SSHClient()
# trust
c.load_system_host_keys()
c.set_missing_host_key_policy(paramiko.RejectPolicy())
""",
    ),
    (
        """\
from paramiko import SSHClient, WarningPolicy

c = SSHClient()
c.load_host_keys(path)
c.set_missing_host_key_policy(WarningPolicy)
""",
        """\
from paramiko import RejectPolicy, SSHClient

c = SSHClient()
c.load_host_keys(path)
c.set_missing_host_key_policy(RejectPolicy)
""",
    ),
)
