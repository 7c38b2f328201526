from loglines import errors, parse_line

LINE = '10.0.0.1 - - [07/Nov/2026:10:00:00 +0000] "GET / HTTP/1.1" 502'


def test_other_line():
    assert parse_line("") is None
    assert parse_line("-- rotated --") is None
    assert errors(["-- rotated --", LINE]) == ["10.0.0.1"]
