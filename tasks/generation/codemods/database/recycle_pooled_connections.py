"""Recycle pooled connections before the server drops them.

What it does
    Adds `pool_recycle=1800` to SQLAlchemy's `create_engine` for a MySQL or MariaDB URL, or for any URL where the
    incident is about dropped connections.

Why it matters
    MySQL closes connections that idle for `wait_timeout`, eight hours by default and far less behind most
    proxies.

Example
    Before: create_engine("mysql://...")
    After:  create_engine("mysql://...", pool_recycle=1800)

When it does not apply
    The URL is a literal of SQLite, or a pool of the project's own is passed.

Fix safety
    review: a connection is opened anew every half hour.

References
    CWE-772; https://docs.sqlalchemy.org/en/20/core/pooling.html#setting-pool-recycle
"""

from __future__ import annotations

import libcst as cst

from tasks.generation.codemods.base import Codemod
from tasks.generation.codemods.model import Rule
from tasks.generation.codemods.syntax import has_star, keyword, string_value, with_keyword
from tasks.models import Domain

ENGINES = {"sqlalchemy.create_engine", "sqlalchemy.engine.create_engine", "sqlalchemy.ext.asyncio.create_async_engine"}
OWN_POOL = ("pool_recycle", "poolclass", "pool", "creator")


class RecyclePooledConnections(Codemod):
    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:
        if has_star(original_node) or not original_node.args or not self.calls(original_node, ENGINES):
            return updated_node
        url = string_value(self.constant(original_node.args[0].value))
        if url is not None and url.startswith("sqlite"):
            return updated_node
        if any(keyword(original_node, name) for name in OWN_POOL):
            return updated_node
        if not self.accept(original_node, "recycle pooled connections every half hour"):
            return updated_node
        return with_keyword(updated_node, "pool_recycle", "1800")


RULE = Rule(
    id="recycle_pooled_connections",
    title="Recycle pooled connections before the server drops them",
    domain=Domain.DATABASE,
    safety="review",
    transformer=RecyclePooledConnections,
    hints=("create_engine", "create_async_engine"),
    cwe=(772,),
    exceptions=("InterfaceError",),
    words=("server has gone away", "lost connection", "wait_timeout", "idle connection"),
)

VALID = (
    """\
from sqlalchemy import create_engine
create_engine('sqlite://')
""",
)
INVALID = (
    (
        """\
from sqlalchemy import create_engine
create_engine(URL)
""",
        """\
from sqlalchemy import create_engine
create_engine(URL, pool_recycle=1800)
""",
    ),
)
