from grouping import Host, by_owner


def test_owned():
    hosts = [Host("a", "ops"), Host("b"), Host("c", "ops")]
    assert by_owner(hosts) == {"unowned": ["b"], "ops": ["a", "c"]}
