from grouping import Host, by_owner


def test_unowned():
    assert by_owner([Host("a"), Host("b")]) == {"unowned": ["a", "b"]}
