"""Give network connections a timeout.

What it does
    Adds `timeout=30` to `urlopen`, `socket.create_connection`, and the connections of `http.client`, `smtplib`,
    `ftplib`, `imaplib` and `poplib` that have none.

Why it matters
    These wait for ever by default: a peer that accepts and never answers holds the thread.

Example
    Before: smtplib.SMTP(host)
    After:  smtplib.SMTP(host, timeout=30)

When it does not apply
    A timeout is passed, by name or by place, or the arguments hide behind `*args` or `**kwargs`; files that call
    `setdefaulttimeout`.

Fix safety
    hardening: an exchange with pauses of more than half a minute now raises `TimeoutError`.

References
    CWE-400; https://docs.python.org/3/library/socket.html#notes-on-socket-timeouts
"""

from __future__ import annotations

import libcst as cst

from tasks.generation.codemods.base import Codemod
from tasks.generation.codemods.model import Rule
from tasks.generation.codemods.syntax import argument, has_star, string_value, with_keyword
from tasks.models import Domain

PLACE_OF_TIMEOUT = {
    "urllib.request.urlopen": 2,
    "socket.create_connection": 1,
    "http.client.HTTPConnection": 2,
    "http.client.HTTPSConnection": 2,
    "smtplib.SMTP": 3,
    "smtplib.SMTP_SSL": 3,
    "ftplib.FTP": 4,
    "ftplib.FTP_TLS": 5,
    "imaplib.IMAP4": 2,
    "imaplib.IMAP4_SSL": 2,
    "poplib.POP3": 2,
    "poplib.POP3_SSL": 2,
    "telnetlib.Telnet": 2,
}
SECONDS = "30"


class AddConnectionTimeout(Codemod):
    def visit_Module(self, node: cst.Module) -> None:
        self._has_default = "setdefaulttimeout" in node.code

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:
        target = self.calls(original_node, PLACE_OF_TIMEOUT)
        if target is None or self._has_default or has_star(original_node) or not original_node.args:
            return updated_node
        if argument(original_node, PLACE_OF_TIMEOUT[target], "timeout") is not None:
            return updated_node
        if (string_value(original_node.args[0].value) or "").startswith("file:"):
            return updated_node
        if not self.accept(original_node, f"added timeout={SECONDS} to a connection that could wait for ever"):
            return updated_node
        return with_keyword(updated_node, "timeout", SECONDS)


RULE = Rule(
    id="add_connection_timeout",
    title="Give network connections a timeout",
    domain=Domain.API,
    safety="hardening",
    transformer=AddConnectionTimeout,
    hints=(
        "urlopen",
        "create_connection",
        "HTTPConnection",
        "HTTPSConnection",
        "smtplib",
        "ftplib",
        "imaplib",
        "poplib",
        "telnetlib",
    ),
    cwe=(400,),
    exceptions=("TimeoutError", "timeout", "URLError", "SMTPServerDisconnected"),
    words=("timeout", "timed out", "hang", "hung", "never returns", "no response", "blocked", "stuck"),
)

VALID = (
    """\
import socket
socket.create_connection(a, 5)
""",
    """\
from urllib.request import urlopen
urlopen(u, timeout=t)
""",
    """\
import socket
import smtplib
socket.setdefaulttimeout(9)
smtplib.SMTP(h)
""",
)
INVALID = (
    (
        """\
from urllib.request import urlopen as o
o(u)
""",
        """\
from urllib.request import urlopen as o
o(u, timeout=30)
""",
    ),
    (
        """\
import smtplib
with smtplib.SMTP(host, 25) as s:
    pass
""",
        """\
import smtplib
with smtplib.SMTP(host, 25, timeout=30) as s:
    pass
""",
    ),
)
