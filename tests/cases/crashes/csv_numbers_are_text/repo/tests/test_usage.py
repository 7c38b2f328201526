from usage import over_quota, read_usage


def test_read_usage():
    assert read_usage("user,bytes\na,5\n") == [{"user": "a", "bytes": "5"}]


def test_over_quota():
    assert over_quota([{"bytes": 10}], 5)
