"""Bind the values of SQL statements.

What it does
    Takes the values out of SQL that an f-string, `%`, `+`, `.format()` or `.replace()` builds, and hands them to the
    driver: `?`, `%s`, `:1` or `$1` as the file's driver writes it, `text(...).bindparams(...)` for SQLAlchemy. The
    statement may stand in the call or in a variable that is built once and executed once.

Why it matters
    A value pasted into SQL is read as SQL: a quote in a name breaks the statement, and whoever controls the value
    controls the query.

Example
    Before: cursor.execute(f"SELECT * FROM users WHERE name = '{name}'")
    After:  cursor.execute("SELECT * FROM users WHERE name = ?", (name,))

When it does not apply
    Names of tables and columns cannot be bound: they stay (check them against a list of your own). Left alone as well
    are statements whose driver is unknown, `IN` lists in one value, format specifications, and calls that already pass
    parameters.

Fix safety
    hardening: the same rows for values without SQL in them; a value that was a piece of SQL is now a plain value.

References
    CWE-89; https://peps.python.org/pep-0249/#paramstyle
"""

from __future__ import annotations

import re

import libcst as cst
from libcst.metadata import Assignment

from tasks.generation.codemods.base import Codemod
from tasks.generation.codemods.built_string import leaves_of, rebuilt
from tasks.generation.codemods.model import Rule
from tasks.generation.codemods.sql_arguments import parameter_name, with_bindparams, with_values
from tasks.generation.codemods.sql_drivers import Style, style_of_file, style_of_statements
from tasks.generation.codemods.sql_values import Bound, bind_values
from tasks.generation.codemods.syntax import descendants, dotted, is_literal, keyword
from tasks.models import Domain

EXECUTES = {"execute", "fetch", "fetchrow", "fetchval", "raw", "read_sql", "read_sql_query", "scalar", "scalars"}
CURSOR = re.compile(r"(^|_)(cur|curs|cursor|c)\d?$")
NAMED = re.compile(r"(?<!:):(\w+)")
PLACEHOLDER = {"qmark": "?", "format": "%s"}


class BindSqlParameters(Codemod):
    def visit_Module(self, node: cst.Module) -> None:
        self._pending: dict[int, Bound] = {}
        self._style_of_variable: dict[int, Style] = {}
        declared = self._packages - self.imports.packages
        self._style = style_of_file(self.imports.packages, declared, node)

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.BaseExpression:
        if self.qualified(original_node.func) & {
            "sqlalchemy.text",
            "sqlalchemy.sql.text",
            "sqlalchemy.sql.expression.text",
        }:
            return self._bound_text(original_node, updated_node)
        style = self._style_for(original_node)
        if style is None or not original_node.args:
            return updated_node
        sql = original_node.args[0].value
        if isinstance(sql, cst.Name):
            return self._bound_variable(original_node, updated_node, sql, style)
        bound = self._bindable(sql, style)
        if bound is None or not self.accept(original_node, _what(bound)):
            return updated_node
        return with_values(updated_node, self._statement(sql, bound, style), bound, style)

    def leave_Assign(self, original_node: cst.Assign, updated_node: cst.Assign) -> cst.Assign:
        bound = self._pending.get(id(original_node.value))
        target = original_node.targets[0].target
        if bound is None and self._style == "text" and isinstance(target, cst.Name):
            bound = self._free_statement(original_node, target)
        if bound is None:
            return updated_node
        style = self._style_of_variable.get(id(original_node.value), "text")
        return updated_node.with_changes(value=self._statement(original_node.value, bound, style))

    def visit_Assign(self, node: cst.Assign) -> None:
        """Decides about a statement in a variable before its uses are reached."""
        target = node.targets[0].target
        if len(node.targets) != 1 or not isinstance(target, cst.Name) or leaves_of(node.value) is None:
            return
        call = self._only_execution(target)
        style = self._style_for(call) if call is not None else None
        if call is None or style is None or not self._unchanged_between(node, call):
            return
        bound = self._bindable(node.value, style)
        if bound is not None and (self.wanted(node) or self.wanted(call)):
            self.changes.append((self.line(node), _what(bound)))
            self._pending[id(node.value)] = bound
            self._style_of_variable[id(node.value)] = style

    def _bound_variable(self, original: cst.Call, updated: cst.Call, name: cst.Name, style: Style) -> cst.Call:
        values = self.values_of(name) or []
        bound = self._pending.get(id(values[0])) if len(values) == 1 else None
        return with_values(updated, updated.args[0].value, bound, style) if bound is not None else updated

    def _bound_text(self, original: cst.Call, updated: cst.Call) -> cst.BaseExpression:
        if len(original.args) != 1:
            return updated
        bound = self._bindable(original.args[0].value, "text")
        if bound is None or not self.accept(original, _what(bound)):
            return updated
        sql = rebuilt(original.args[0].value, bound.leaves)
        call = updated.with_changes(args=[updated.args[0].with_changes(value=sql)])
        return with_bindparams(call, bound)

    def _free_statement(self, node: cst.Assign, target: cst.Name) -> Bound | None:
        """A statement that SQLAlchemy alone can be meant to run: never read here, or only by an execution."""
        scope = self.scope(target)
        uses = {a.node for item in (scope[target.value] if scope else ()) for a in item.references}
        if any(True for _ in uses):
            return None
        bound = self._bindable(node.value, "text")
        return bound if bound is not None and self.accept(node, _what(bound)) else None

    def _style_for(self, call: cst.Call) -> Style | None:
        func = call.func
        if not isinstance(func, cst.Attribute) or func.attr.value not in EXECUTES:
            return None
        frame = func.attr.value.startswith("read_sql")
        if len(call.args) != (2 if frame else 1) or call.args[0].star or call.args[0].keyword:
            return None
        if frame and (call.args[1].star or keyword(call, "params")):
            return None
        receiver = dotted(func.value) or ""
        if func.attr.value == "raw" and not receiver.endswith("objects"):
            return None
        if self._style == "text" and CURSOR.search(receiver):
            return style_of_statements(self.module)
        return self._style

    def _bindable(self, sql: cst.BaseExpression, style: Style) -> Bound | None:
        leaves = leaves_of(sql)
        if leaves is None:
            return None
        used = {name for leaf in leaves for p in leaf.pieces if isinstance(p, str) for name in NAMED.findall(p)}
        names: list[str] = []

        def placeholder(number: int, value: cst.BaseExpression) -> str:
            if style == "text":
                names.append(parameter_name(value, used | set(names)))
                return f":{names[-1]}"
            return PLACEHOLDER.get(style) or f"{'$' if style == 'dollar' else ':'}{number}"

        bound = bind_values(leaves, placeholder, double_percent=style == "format")
        if bound is not None:
            bound.names = names
        trusted = bound is None or all(is_literal(self.constant(value)) for value in bound.values)
        return None if trusted else bound

    def _statement(self, sql: cst.BaseExpression, bound: Bound, style: Style) -> cst.BaseExpression:
        text = rebuilt(sql, bound.leaves)
        if style != "text":
            return text
        return with_bindparams(cst.Call(self.name_for("sqlalchemy.text"), [cst.Arg(text)]), bound)

    def _only_execution(self, name: cst.Name) -> cst.Call | None:
        """The one call that executes the variable, when nothing else reads it and nothing else sets it."""
        scope = self.scope(name)
        assignments = list(scope[name.value]) if scope is not None else []
        if len(assignments) != 1 or not isinstance(assignments[0], Assignment):
            return None
        calls = []
        for access in assignments[0].references:
            arg = self.parent(access.node)
            call = self.parent(arg) if isinstance(arg, cst.Arg) else None
            if isinstance(call, cst.Call) and self._style_for(call) is not None and call.args[0] is arg:
                calls.append(call)
            elif not self._is_shown(access.node):
                return None
        return calls[0] if len(calls) == 1 else None

    def _is_shown(self, use: cst.CSTNode) -> bool:
        """The statement's text goes to a log or to the terminal."""
        calls = [above for above in self.ancestors(use) if isinstance(above, cst.Call)]
        shown = re.compile(r"^(print|warnings\.warn|(\w+\.)*_?(log|logger|logging|LOG)\.\w+)$")
        return bool(calls) and shown.match(dotted(calls[0].func) or "") is not None

    def _unchanged_between(self, node: cst.Assign, call: cst.Call) -> bool:
        """The values that the statement uses are the same where it is built and where it is run."""
        if self.enclosing_function(node) is not self.enclosing_function(call):
            return False
        calls = [c for c in descendants(node.value) if isinstance(c, cst.Call) and c is not node.value]
        if any(not self.calls(call, {"int", "float", "str", "bool"}) for call in calls):
            return False
        built, run = self.line(node), self.line(call)
        scope = self.scope(node)
        for child in descendants(node.value):
            if isinstance(child, cst.Name) and scope is not None:
                for item in scope[child.value]:
                    if isinstance(item, Assignment) and built < self.line(item.node) <= run:
                        return False
        return built < run


def _what(bound: Bound) -> str:
    count = len(bound.values)
    rest = f"; {bound.left_in} names that cannot be bound stay in the text" if bound.left_in else ""
    return f"bound {count} value{'s' if count > 1 else ''} of an SQL statement instead of pasting{rest}"


RULE = Rule(
    id="bind_sql_parameters",
    title="Bind the values of SQL statements",
    domain=Domain.DATABASE,
    safety="hardening",
    transformer=BindSqlParameters,
    hints=("execute", "read_sql", ".raw(", "fetch", "sqlalchemy", "text("),
    cwe=(89, 943, 564),
    bandit=("B608",),
    ruff=("S608",),
    codeql=("py/sql-injection",),
    exceptions=("OperationalError", "ProgrammingError", "SyntaxError", "UndefinedColumn"),
    words=("sql injection", "unterminated quoted string", "unrecognized token", 'near "', "syntax error at or near"),
)

VALID = (
    'import sqlite3\ncur.execute("SELECT * FROM t WHERE id = ?", (x,))\n',
    'import sqlite3\ncur.execute(f"SELECT * FROM {table}")\n',
    'import sqlite3\ncur.execute(f"SELECT * FROM t WHERE id IN ({ids})")\n',
    'import sqlite3\ncur.execute(f"SELECT * FROM a JOIN b ON a.id = {column}")\n',
    'cur.execute(f"SELECT * FROM t WHERE id = {x}")\n',
    'import sqlite3\nimport psycopg\ncur.execute(f"SELECT * FROM t WHERE id = {x}")\n',
    'import sqlite3\nLIMIT = 5\ncur.execute(f"SELECT * FROM t LIMIT {LIMIT}")\n',
    'import sqlite3\n\n\ndef f(x):\n    q = f"DELETE FROM t WHERE id = {x}"\n    x = 3\n    cur.execute(q)\n',
)
INVALID = (
    (
        "import sqlite3\ncur.execute(f\"SELECT * FROM t WHERE id = '{x}' AND n > {a.b}\")  # all\n",
        'import sqlite3\ncur.execute("SELECT * FROM t WHERE id = ? AND n > ?", (x, a.b))  # all\n',
    ),
    (
        "import psycopg\ncur.execute(\"SELECT * FROM t WHERE a LIKE 'x%%' AND b = '%s'\" % b)\n",
        "import psycopg\ncur.execute(\"SELECT * FROM t WHERE a LIKE 'x%%' AND b = %s\", (b,))\n",
    ),
    (
        "import sqlite3\ncur.execute('SELECT * FROM t WHERE id = ' + str(x) + ' LIMIT ' + str(n))\n",
        "import sqlite3\ncur.execute('SELECT * FROM t WHERE id = ? LIMIT ?', (x, n))\n",
    ),
    (
        'import sqlite3\ncur.execute(\n    "SELECT * "\n    "FROM t WHERE id = \'{}\'".format(x)\n)\n',
        'import sqlite3\ncur.execute(\n    "SELECT * "\n    "FROM t WHERE id = ?", (x,)\n)\n',
    ),
    (
        "import sqlite3\ncur.execute(f\"SELECT * FROM {table} WHERE n LIKE '%{x}%'\")\n",
        'import sqlite3\ncur.execute(f"SELECT * FROM {table} WHERE n LIKE ?", (f"%{x}%",))\n',
    ),
    (
        'import sqlite3\n\n\ndef f(db, x):\n    sql = f"""\n        DELETE FROM t\n        WHERE id = {x}\n    """\n'
        "    db.execute(sql)\n",
        'import sqlite3\n\n\ndef f(db, x):\n    sql = """\n        DELETE FROM t\n        WHERE id = ?\n    """\n'
        "    db.execute(sql, (x,))\n",
    ),
    (
        "import sqlite3\ncur.execute(f\"INSERT INTO t (a, b) VALUES ('{a}', {b})\")\n",
        'import sqlite3\ncur.execute("INSERT INTO t (a, b) VALUES (?, ?)", (a, b))\n',
    ),
    (
        "from sqlalchemy import text\nsession.execute(text(f\"SELECT * FROM t WHERE id = '{user.id}'\"))\n",
        'from sqlalchemy import text\nsession.execute(text("SELECT * FROM t WHERE id = :id").bindparams(id=user.id))\n',
    ),
    (
        "import sqlalchemy\nconnection.execute(\"UPDATE t SET a = '%s'\" % a)\n",
        'import sqlalchemy\nconnection.execute(sqlalchemy.text("UPDATE t SET a = :a").bindparams(a=a))\n',
    ),
    (
        'import asyncpg\n\n\nasync def f(c):\n    await c.fetch(f"SELECT x FROM t WHERE a = {a} OR b = {b}")\n',
        'import asyncpg\n\n\nasync def f(c):\n    await c.fetch("SELECT x FROM t WHERE a = $1 OR b = $2", a, b)\n',
    ),
    (
        'import pandas as pd\nimport sqlite3\npd.read_sql(f"SELECT * FROM t WHERE id = {x}", conn)\n',
        'import pandas as pd\nimport sqlite3\npd.read_sql("SELECT * FROM t WHERE id = ?", conn, params=(x,))\n',
    ),
    (
        """\
import sqlite3


def f(db, x):
    sql = "SELECT * FROM t WHERE id = '" + x + "'"
    logger.debug(f"running {sql}")
    return db.execute(sql)
""",
        """\
import sqlite3


def f(db, x):
    sql = "SELECT * FROM t WHERE id = ?"
    logger.debug(f"running {sql}")
    return db.execute(sql, (x,))
""",
    ),
)
