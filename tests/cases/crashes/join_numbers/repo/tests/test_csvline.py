from csvline import csv_line, export


def test_csv_line():
    assert csv_line(["a", "b"]) == "a;b"


def test_export():
    assert export([["a"], ["b"]]) == "a\nb\n"
