from loglines import errors, parse_line

LINE = '10.0.0.1 - - [07/Nov/2026:10:00:00 +0000] "GET / HTTP/1.1" 502'


def test_parse_line():
    assert parse_line(LINE) == {"ip": "10.0.0.1", "status": 502}


def test_errors():
    assert errors([LINE]) == ["10.0.0.1"]
