"""Check pooled database connections before use.

What it does
    Adds `pool_pre_ping=True` to SQLAlchemy's `create_engine` and `create_async_engine`.

Why it matters
    Databases, proxies and firewalls close idle connections; the next request that gets one of these from the pool
    fails with "server has gone away" or "connection already closed".

Example
    Before: engine = create_engine(url)
    After:  engine = create_engine(url, pool_pre_ping=True)

When it does not apply
    The URL is a literal of SQLite, a `NullPool` or own pool is passed, or the arguments hide behind `**options`.

Fix safety
    safe: one cheap round trip each time that a connection leaves the pool.

References
    CWE-772; https://docs.sqlalchemy.org/en/20/core/pooling.html#disconnect-handling-pessimistic
"""

from __future__ import annotations

import libcst as cst

from tasks.generation.codemods.base import Codemod
from tasks.generation.codemods.model import Rule
from tasks.generation.codemods.syntax import has_star, keyword, string_value, with_keyword
from tasks.models import Domain

ENGINES = {
    "sqlalchemy.create_engine",
    "sqlalchemy.engine.create_engine",
    "sqlalchemy.ext.asyncio.create_async_engine",
    "sqlmodel.create_engine",
}
OWN_POOL = ("pool_pre_ping", "poolclass", "pool", "creator")


class CheckPooledConnections(Codemod):
    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:
        if has_star(original_node) or not original_node.args or not self.calls(original_node, ENGINES):
            return updated_node
        url = string_value(self.constant(original_node.args[0].value))
        if url is not None and url.startswith("sqlite"):
            return updated_node
        if any(keyword(original_node, name) for name in OWN_POOL):
            return updated_node
        if not self.accept(original_node, "test each pooled connection before it is used"):
            return updated_node
        return with_keyword(updated_node, "pool_pre_ping", "True")


RULE = Rule(
    id="check_pooled_connections",
    title="Check pooled database connections before use",
    domain=Domain.DATABASE,
    safety="safe",
    transformer=CheckPooledConnections,
    hints=("create_engine", "create_async_engine"),
    cwe=(772,),
    exceptions=("OperationalError", "DBAPIError", "InterfaceError", "DisconnectionError"),
    words=(
        "server has gone away", "connection already closed", "server closed the connection", "lost connection",
        "stale connection", "broken pipe", "connection was reset", "ssl connection has been closed",
    ),
)  # fmt: skip

VALID = (
    "from sqlalchemy import create_engine\ncreate_engine('sqlite:///x.db')\n",
    "from sqlalchemy import create_engine\ncreate_engine(URL, **OPTIONS)\n",
    "from sqlalchemy import create_engine\ncreate_engine(URL, pool_pre_ping=False)\n",
)
INVALID = (
    (
        "import sqlalchemy as sa\nengine = sa.create_engine(URL, echo=True)\n",
        "import sqlalchemy as sa\nengine = sa.create_engine(URL, echo=True, pool_pre_ping=True)\n",
    ),
    (
        "import sqlalchemy\nengine = sqlalchemy.create_engine(\n    U,\n    pool_size=5\n)\n",
        "import sqlalchemy\nengine = sqlalchemy.create_engine(\n    U,\n    pool_size=5,\n    pool_pre_ping=True\n)\n",
    ),
)
