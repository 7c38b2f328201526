from pathlib import Path

from reader import records


def test_records_of_missing_file_raise():
    try:
        records(Path("missing"))
    except FileNotFoundError:
        return
    raise AssertionError("no error")
