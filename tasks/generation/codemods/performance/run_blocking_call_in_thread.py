"""Run blocking calls in a thread.

What it does
    Inside an `async def` turns calls of `requests`, `subprocess.run` and its kin, and `urlopen` into `await
    asyncio.to_thread(...)`.

Why it matters
    A blocking call stops the whole event loop: no other request is served until it returns.

Example
    Before: response = requests.get(url)
    After:  response = await asyncio.to_thread(requests.get, url)

When it does not apply
    The call sits in a nested plain function, a lambda or a comprehension, or is handed to a thread already.

Fix safety
    hardening: other tasks run meanwhile, as intended; needs Python 3.9.

References
    CWE-833; https://docs.python.org/3/library/asyncio-task.html#asyncio.to_thread
"""

from __future__ import annotations

import libcst as cst

from tasks.generation.codemods.base import Codemod
from tasks.generation.codemods.model import Rule
from tasks.models import Domain

BLOCKING = {f"requests.{name}" for name in ("get", "post", "put", "delete", "patch", "head", "options", "request")}
BLOCKING |= {f"subprocess.{name}" for name in ("run", "call", "check_call", "check_output")}
BLOCKING |= {"urllib.request.urlopen", "urllib.request.urlretrieve", "shutil.copytree", "shutil.rmtree"}


class RunBlockingCallInThread(Codemod):
    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.BaseExpression:
        if not self.calls(original_node, BLOCKING) or not self._runs_on_loop(original_node):
            return updated_node
        if not self.wanted(original_node):
            return updated_node
        to_thread = self.name_for("asyncio.to_thread")
        self.accept(original_node, "run a blocking call in a thread")
        comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
        first = cst.Arg(updated_node.func, comma=comma if updated_node.args else cst.MaybeSentinel.DEFAULT)
        call = updated_node.with_changes(func=to_thread, args=[first, *updated_node.args])
        needs = isinstance(self.parent(original_node), cst.Attribute | cst.Call | cst.Subscript | cst.Await)
        if needs:
            return cst.Await(call, lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
        return cst.Await(call)

    def _runs_on_loop(self, call: cst.Call) -> bool:
        for above in self.ancestors(call):
            if isinstance(above, cst.FunctionDef):
                return above.asynchronous is not None
            if isinstance(above, cst.Lambda | cst.ClassDef | cst.BaseComp | cst.With | cst.Decorator | cst.Param):
                return False
        return False


RULE = Rule(
    id="run_blocking_call_in_thread",
    title="Run blocking calls in a thread",
    domain=Domain.PERFORMANCE,
    safety="hardening",
    transformer=RunBlockingCallInThread,
    hints=("async def",),
    cwe=(833,),
    ruff=("ASYNC210", "ASYNC220", "ASYNC221"),
    words=("event loop", "blocked", "blocking call", "slow callback", "health check", "heartbeat"),
)

VALID = (
    """\
import requests


def f():
    return requests.get(u)
""",
    """\
import requests


async def f():
    await run(lambda: requests.get(u))
""",
)
INVALID = (
    (
        """\
import requests


async def f():
    r = requests.get(u, timeout=3)
    return r.json()
""",
        """\
import asyncio

import requests


async def f():
    r = await asyncio.to_thread(requests.get, u, timeout=3)
    return r.json()
""",
    ),
    (
        """\
import asyncio
import requests


async def f():
    return requests.get(u).text
""",
        """\
import asyncio
import requests


async def f():
    return (await asyncio.to_thread(requests.get, u)).text
""",
    ),
)
