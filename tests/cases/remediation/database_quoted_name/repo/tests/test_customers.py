import sqlite3

import pytest
from crm.api import search
from crm.customers import SCHEMA, add, count, find_by_name


@pytest.fixture
def connection():
    connection = sqlite3.connect(":memory:")
    connection.execute(SCHEMA)
    add(connection, "Ada Smith", "York")
    add(connection, "Pat O'Brien", "Cork")
    add(connection, "Ada Smith", "Leeds")
    yield connection
    connection.close()


def test_finds_all_of_a_name(connection):
    assert [row[2] for row in find_by_name(connection, "Ada Smith")] == ["York", "Leeds"]


def test_finds_a_name_with_an_apostrophe(connection):
    assert search(connection, "Pat O'Brien") == [{"id": 2, "label": "Pat O'Brien (Cork)"}]


def test_does_not_run_what_a_name_says(connection):
    assert search(connection, "x' OR '1'='1") == []


def test_finds_nobody(connection):
    assert search(connection, "Nobody") == []
    assert search(connection, "  ") == []


def test_counts(connection):
    assert count(connection) == 3
