"""Give API clients a timeout of their own.

What it does
    Gives `aiohttp.ClientSession` a total timeout of 30 seconds, `redis.Redis` socket timeouts and `psycopg`
    connections a connect timeout where they have none.

Why it matters
    aiohttp waits five minutes by default, Redis and PostgreSQL for ever: a request that depends on one of them is
    lost long before.

Example
    Before: redis.Redis(host)
    After:  redis.Redis(host, socket_timeout=30)

When it does not apply
    A timeout is passed, or the arguments hide behind `**options`.

Fix safety
    review: calls that take longer than half a minute raise; blocking Redis commands such as BLPOP may be meant
    to.

References
    CWE-400; https://docs.aiohttp.org/en/stable/client_quickstart.html#timeouts
"""

from __future__ import annotations

import libcst as cst

from tasks.generation.codemods.base import Codemod
from tasks.generation.codemods.model import Rule
from tasks.generation.codemods.syntax import expr, has_star, keyword, with_keyword
from tasks.models import Domain

TIMEOUTS = {
    "aiohttp.ClientSession": ("timeout", "aiohttp.ClientTimeout"),
    "redis.Redis": ("socket_timeout", None),
    "redis.StrictRedis": ("socket_timeout", None),
    "redis.asyncio.Redis": ("socket_timeout", None),
    "redis.from_url": ("socket_timeout", None),
    "redis.Redis.from_url": ("socket_timeout", None),
    "psycopg.connect": ("connect_timeout", None),
    "psycopg2.connect": ("connect_timeout", None),
    "pymysql.connect": ("connect_timeout", None),
}
SECONDS = "30"


class SetClientTimeout(Codemod):
    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:
        target = self.calls(original_node, TIMEOUTS)
        if target is None or has_star(original_node) or not self.wanted(original_node):
            return updated_node
        name, wrapper = TIMEOUTS[target]
        if keyword(original_node, name) is not None:
            return updated_node
        value: cst.BaseExpression = expr(SECONDS)
        if wrapper is not None:
            value = with_keyword(cst.Call(self.name_for(wrapper)), "total", SECONDS)
        self.accept(original_node, f"gave a client a timeout of {SECONDS} seconds")
        return with_keyword(updated_node, name, value)


RULE = Rule(
    id="set_client_timeout",
    title="Give API clients a timeout of their own",
    domain=Domain.API,
    safety="review",
    transformer=SetClientTimeout,
    hints=("aiohttp", "redis", "psycopg", "pymysql"),
    cwe=(400,),
    exceptions=("ServerTimeoutError", "TimeoutError"),
    words=("timeout", "timed out", "hang", "hung", "stuck"),
)

VALID = (
    """\
import redis
redis.Redis(socket_timeout=1)
""",
)
INVALID = (
    (
        """\
import aiohttp
s = aiohttp.ClientSession()
""",
        """\
import aiohttp
s = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30))
""",
    ),
    (
        """\
from redis import Redis
r = Redis(host=h)
""",
        """\
from redis import Redis
r = Redis(host=h, socket_timeout=30)
""",
    ),
)
