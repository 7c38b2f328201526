from accesslog.latency import slowest, upstream_seconds


def test_dash_is_left_out():
    lines = ["GET /a 200 0.5", "GET /logo.png 304 -", "POST /b 201 0.25"]
    assert list(upstream_seconds(lines)) == [("/a", 0.5), ("/b", 0.25)]
    assert slowest(lines) == "/a"


def test_only_dashes():
    assert slowest(["GET /logo.png 304 -"]) is None
