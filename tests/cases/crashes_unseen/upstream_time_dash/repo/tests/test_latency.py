from accesslog.latency import slowest, upstream_seconds


def test_times():
    assert list(upstream_seconds(["GET /a 200 0.25"])) == [("/a", 0.25)]


def test_slowest():
    assert slowest(["GET /a 200 0.25", "GET /b 200 1.5"]) == "/b"
    assert slowest([]) is None
