"""Customers in the database."""

SCHEMA = """
CREATE TABLE customer (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    city TEXT NOT NULL
)
"""


def add(connection, name, city):
    cursor = connection.execute("INSERT INTO customer (name, city) VALUES (?, ?)", (name, city))
    connection.commit()
    return cursor.lastrowid


def find_by_name(connection, name):
    """Rows (id, name, city) of the customers called exactly `name`, oldest first."""
    # names are unique in most cities, so this returns few rows
    cursor = connection.execute(f"SELECT id, name, city FROM customer WHERE name = '{name}' ORDER BY id")
    return cursor.fetchall()


def count(connection):
    return connection.execute("SELECT count(*) FROM customer").fetchone()[0]
