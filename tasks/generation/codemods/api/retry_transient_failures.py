"""Retry requests that failed for a moment.

What it does
    After `session = requests.Session()` mounts an adapter that retries connection errors and the answers 429 and
    503 three times, with exponential backoff, jitter and respect for `Retry-After`, for methods that may be
    repeated.

Why it matters
    A dropped connection or a short overload fails the whole operation otherwise; a retry at once makes an
    overload worse.

Example
    Before: session = requests.Session()
    After:  session = requests.Session(); session.mount("https://", HTTPAdapter(max_retries=...))

When it does not apply
    The file mounts an adapter or counts retries itself; the session is opened by `with` or returned at once.

Fix safety
    review: requests may take some seconds longer; POST and PATCH are not repeated.

References
    CWE-755; https://urllib3.readthedocs.io/en/stable/reference/urllib3.util.html#urllib3.util.Retry
"""

from __future__ import annotations

import libcst as cst

from tasks.generation.codemods.base import Codemod
from tasks.generation.codemods.model import Rule
from tasks.generation.codemods.syntax import code_of, dotted, simple
from tasks.models import Domain

SESSIONS = {"requests.Session", "requests.session", "requests.sessions.Session"}
POLICY = "3, backoff_factor=1, backoff_jitter=1, status_forcelist=[429, 503]"


class RetryTransientFailures(Codemod):
    def visit_Module(self, node: cst.Module) -> None:
        self._has_own = any(word in node.code for word in (".mount(", "Retry(", "max_retries", "tenacity", "backoff"))

    def leave_SimpleStatementLine(
        self, original_node: cst.SimpleStatementLine, updated_node: cst.SimpleStatementLine
    ) -> cst.SimpleStatementLine | cst.FlattenSentinel[cst.BaseStatement]:
        small = simple(original_node)
        if self._has_own or not isinstance(small, cst.Assign) or len(small.targets) != 1:
            return updated_node
        target = dotted(small.targets[0].target)
        if target is None or not isinstance(small.value, cst.Call) or not self.calls(small.value, SESSIONS):
            return updated_node
        if not self.wanted(original_node):
            return updated_node
        adapter = code_of(self.import_name("requests.adapters", "HTTPAdapter"))
        retry = code_of(self.import_name("urllib3.util", "Retry"))
        self.accept(original_node, "retry requests that failed for a moment, with backoff and jitter")
        code = f'{target}.mount("https://", {adapter}(max_retries={retry}({POLICY})))'
        return cst.FlattenSentinel([updated_node, cst.parse_statement(code)])


RULE = Rule(
    id="retry_transient_failures",
    title="Retry requests that failed for a moment",
    domain=Domain.API,
    safety="review",
    transformer=RetryTransientFailures,
    hints=("requests",),
    cwe=(755,),
    exceptions=("ConnectionError", "ConnectionResetError", "RemoteDisconnected", "ProtocolError"),
    words=(
        "503",
        "502",
        "504",
        "429",
        "rate limit",
        "too many requests",
        "connection reset",
        "remote end closed",
        "transient",
        "intermittent",
    ),
)

VALID = (
    """\
import requests
s = requests.Session()
s.mount('https://', A(max_retries=3))
""",
)
INVALID = (
    (
        """\
import requests

s = requests.Session()
""",
        """\
import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

s = requests.Session()
s.mount("https://", HTTPAdapter(max_retries=Retry(3, backoff_factor=1, backoff_jitter=1, status_forcelist=[429, 503])))
""",
    ),
)
