"""Failures in the report of a real pytest run, in each of its traceback styles."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tasks.context.stacktrace import parse_stack_traces
from tasks.models import ExceptionInfo

SHOP = """
import sqlite3

def price(row):
    return row["price"]

def total(row):
    try:
        return price(row)
    except KeyError as error:
        raise ValueError("bad row\\nno price") from error

def load():
    return sqlite3.connect(":memory:").execute(
        "select 1 from missing",
    )
"""
TESTS = """
import pytest
import shop

def test_key():
    shop.price({})

def test_chain():
    shop.total({})

def test_wrong():
    assert shop.price({"price": 3}) == 4

class TestDatabase:
    def test_load(self):
        shop.load()

@pytest.fixture
def broken():
    raise RuntimeError("no setup")

def test_with_fixture(broken):
    pass
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shop")
    (folder / "shop.py").write_text(SHOP)
    (folder / "test_shop.py").write_text(TESTS)
    (folder / "test_import.py").write_text("import does_not_exist\n")
    (folder / "test_syntax.py").write_text("def f(:\n")
    (folder / "pytest.ini").write_text("[pytest]\n")
    return folder


def report(project: Path, *options: str) -> str:
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "--continue-on-collection-errors",
        *options,
    ]
    return subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False).stdout


def by_type(exceptions: tuple[ExceptionInfo, ...], type_: str) -> list[ExceptionInfo]:
    return [one for one in exceptions if one.type == type_]


@pytest.mark.parametrize("options", [["--tb=long"], ["--tb=long", "-l"], ["--tb=short"], ["--tb=native"]], ids=" ".join)
def test_reads_every_failure(project: Path, options: list[str]) -> None:
    found = parse_stack_traces(report(project, *options))
    alone, caused = by_type(found, "KeyError")
    assert (alone.message, alone.relation, caused.relation) == ("'price'", "raised", "cause")
    assert [(frame.function, frame.line) for frame in alone.frames[-2:]] == [("test_key", 6), ("price", 5)]
    assert alone.frames[-1].code == 'return row["price"]'
    assert alone.frames[-1].path.endswith("shop.py")
    assert [frame.function for frame in caused.frames] == ["total", "price"]
    (chained,) = by_type(found, "ValueError")
    assert (chained.message, chained.frames[-1].line) == ("bad row\nno price", 11)
    (wrong,) = by_type(found, "AssertionError")
    assert wrong.message.startswith("assert 3 == 4")
    (database,) = by_type(found, "sqlite3.OperationalError")
    assert (database.message, database.frames[-1].function) == ("no such table: missing", "load")
    assert by_type(found, "RuntimeError")[0].frames[-1].function == "broken"
    assert by_type(found, "ModuleNotFoundError")[0].frames[-1].path.endswith("test_import.py")
    place = by_type(found, "SyntaxError")[0].frames[-1]
    assert (Path(place.path).name, place.line) == ("test_syntax.py", 1)


def test_reads_failures_of_one_line(project: Path) -> None:
    found = parse_stack_traces(report(project, "--tb=line"))
    places = {one.type: (one.message, Path(one.frames[-1].path).name, one.frames[-1].line) for one in found}
    assert places["KeyError"] == ("'price'", "shop.py", 5)
    assert places["AssertionError"] == ("assert 3 == 4", "test_shop.py", 12)
    assert places["sqlite3.OperationalError"] == ("no such table: missing", "shop.py", 14)


def test_takes_warnings_and_linters_for_no_failure() -> None:
    text = (
        "app/a.py:3: DeprecationWarning: old\napp/a.py:4: error: Name 'x' is not defined\napp/a.py:5: E501 too long\n"
    )
    assert parse_stack_traces(text) == ()
