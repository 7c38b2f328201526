"""Bound statements, run on a real database before and after."""

import sqlite3
from collections.abc import Iterator

import pytest

from tasks.generation.codemods import apply_codemods

FORMS = {
    "f-string": "db.execute(f\"SELECT id FROM item WHERE name = '{name}' AND id >= {low}\")",
    "percent": "db.execute(\"SELECT id FROM item WHERE name = '%s' AND id >= %d\" % (name, low))",
    "named percent": "db.execute(\"SELECT id FROM item WHERE name = '%(n)s'\" % {'n': name})",
    "plus": 'db.execute("SELECT id FROM item WHERE name = \'" + name + "\' AND id >= " + str(low))',
    "format": "db.execute(\"SELECT id FROM item WHERE name = '{0}' OR name = '{0}'\".format(name))",
    "replace": "db.execute(\"SELECT id FROM item WHERE name = '[N]'\".replace('[N]', name))",
    "like": "db.execute(f\"SELECT id FROM item WHERE name LIKE '%{name}%' AND name NOT LIKE '100%'\")",
    "escapes": "db.execute(f'SELECT id FROM item WHERE name = \\'{name}\\' OR name = \"\\\\t\"')",
    "parts": "db.execute('SELECT id '\n        f\"FROM {table} WHERE name = '{name}' LIMIT {low}\")",
    "call of a function": "db.execute(f\"SELECT id FROM item WHERE name = '{name.strip()}' AND id IN ({low}, {low})\")",
}


@pytest.fixture
def database() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE item (id INTEGER, name TEXT)")
    connection.executemany("INSERT INTO item VALUES (?, ?)", [(1, "a"), (2, "b"), (3, "O'Neill"), (4, "b")])
    yield connection
    connection.close()


def rows(source: str, database: sqlite3.Connection, name: str) -> list[tuple[object, ...]]:
    names: dict[str, object] = {"db": database, "name": name, "low": 2, "table": "item"}
    exec(compile(f"found = {source}.fetchall()", "form", "exec"), names)
    return sorted(names["found"])  # type: ignore[call-overload]


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
def test_the_same_rows_for_plain_values_and_no_injection(form: str, database: sqlite3.Connection) -> None:
    text, edits = apply_codemods(f"import sqlite3\n{form}\n", "a.py", ["bind_sql_parameters"])
    bound = text.removeprefix("import sqlite3\n").rstrip()
    assert edits
    assert rows(bound, database, "b") == rows(form, database, "b")
    rows(bound, database, "O'Neill")
    assert rows(bound, database, "x' OR '1'='1") == []


@pytest.mark.parametrize(
    "call",
    [
        'cur.execute(f"SELECT {column} FROM item")',
        'cur.execute(f"SELECT a FROM item ORDER BY {column}")',
        'cur.execute(f"SELECT a FROM item WHERE {condition}")',
        "cur.execute(f\"SELECT a FROM item WHERE b = '{x:>5}'\")",
        'cur.execute(f"SELECT a FROM item WHERE b = {x}", known)',
        'cur.execute(f"hello {x}")',
    ],
)
def test_leaves_what_cannot_be_bound(call: str) -> None:
    source = f"import sqlite3\n{call}\n"
    assert apply_codemods(source, "a.py", ["bind_sql_parameters"]) == (source, ())


def test_a_piece_of_sql_keeps_its_percent_signs_with_percent_drivers() -> None:
    source = 'import psycopg\ncur.execute(f"SELECT a FROM item {condition} LIMIT {n}")\n'
    assert apply_codemods(source, "a.py", ["bind_sql_parameters"]) == (source, ())
