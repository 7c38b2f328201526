"""Give HTTP requests a timeout.

What it does
    Adds `timeout=30` to calls of `requests` (functions and `Session` methods) that have none, and replaces
    `timeout=None` there and in `httpx`, whose own default is five seconds.

Why it matters
    `requests` waits for ever by default: one peer that accepts and never answers holds a worker until someone
    restarts the process.

Example
    Before: requests.get(url)
    After:  requests.get(url, timeout=30)

When it does not apply
    The call already passes a timeout, or hides its arguments behind `*args` or `**kwargs`.

Fix safety
    hardening: a request that took longer than half a minute and then succeeded now raises `Timeout`.

References
    CWE-400; https://requests.readthedocs.io/en/latest/user/advanced/#timeouts
"""

from __future__ import annotations

import libcst as cst

from tasks.generation.codemods.base import Codemod
from tasks.generation.codemods.model import Rule
from tasks.generation.codemods.syntax import has_star, keyword, with_keyword
from tasks.models import Domain

METHODS = ("get", "post", "put", "delete", "patch", "options", "head", "request")
REQUESTS = {f"requests.{name}" for name in METHODS} | {f"requests.api.{name}" for name in METHODS}
HTTPX = {f"httpx.{name}" for name in (*METHODS, "stream", "Client", "AsyncClient")}
SESSIONS = {"requests.Session", "requests.session", "requests.sessions.Session"}
SECONDS = "30"


class AddRequestTimeout(Codemod):
    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:
        if has_star(original_node) or not self._lacks_timeout(original_node):
            return updated_node
        if not self.accept(original_node, f"added timeout={SECONDS} to a request that could wait for ever"):
            return updated_node
        return with_keyword(updated_node, "timeout", SECONDS)

    def _lacks_timeout(self, call: cst.Call) -> bool:
        given = keyword(call, "timeout")
        is_none = given is not None and isinstance(given.value, cst.Name) and given.value.value == "None"
        if self.calls(call, HTTPX):
            return is_none
        return (given is None or is_none) and (bool(self.calls(call, REQUESTS)) or self._is_session_call(call))

    def _is_session_call(self, call: cst.Call) -> bool:
        func = call.func
        return (
            isinstance(func, cst.Attribute) and func.attr.value in METHODS and bool(self.made_by(func.value) & SESSIONS)
        )


RULE = Rule(
    id="add_request_timeout",
    title="Give HTTP requests a timeout",
    domain=Domain.API,
    safety="hardening",
    transformer=AddRequestTimeout,
    hints=("requests", "httpx"),
    cwe=(400,),
    bandit=("B113",),
    ruff=("S113",),
    exceptions=("ReadTimeout", "ConnectTimeout", "Timeout", "TimeoutError", "ConnectionError"),
    words=("timeout", "timed out", "hang", "hung", "never returns", "no response", "blocked", "stuck"),
)

VALID = (
    "import requests\nrequests.get(url, timeout=5)\n",
    "import requests\nrequests.get(url, **options)\n",
    "import httpx\nhttpx.get(url)\n",
    "import requests\n\n\ndef get(requests):\n    return requests.get('x')\n",
    "from app import session\nsession.get(url)\n",
)
INVALID = (
    ("import requests as r\nr.get(url)  # fetch\n", "import requests as r\nr.get(url, timeout=30)  # fetch\n"),
    ("from requests import post\npost(url, timeout=None)\n", "from requests import post\npost(url, timeout=30)\n"),
    (
        "import requests\nrequests.put(\n    url,\n    data=data,\n)\n",
        "import requests\nrequests.put(\n    url,\n    data=data,\n    timeout=30,\n)\n",
    ),
    (
        "import requests\ns = requests.Session()\ns.get(url)\n",
        "import requests\ns = requests.Session()\ns.get(url, timeout=30)\n",
    ),
    (
        "import requests\n\n\nclass Api:\n    def __init__(self):\n        self.http = requests.Session()\n\n"
        "    def load(self):\n        return self.http.get('/x')\n",
        "import requests\n\n\nclass Api:\n    def __init__(self):\n        self.http = requests.Session()\n\n"
        "    def load(self):\n        return self.http.get('/x', timeout=30)\n",
    ),
    ("import httpx\nclient = httpx.Client(timeout=None)\n", "import httpx\nclient = httpx.Client(timeout=30)\n"),
)
