from csvline import csv_line, export


def test_numbers():
    assert csv_line(["a", 1, 2.5]) == "a;1;2.5"
    assert export([[1, 2]]) == "1;2\n"
