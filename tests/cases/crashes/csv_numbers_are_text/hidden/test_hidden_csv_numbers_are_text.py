from usage import over_quota, read_usage, total_bytes


def test_total_of_file():
    assert total_bytes(read_usage("user,bytes\na,5\nb,7\n")) == 12
    assert not over_quota([{"bytes": 1}], 5)
