from dedupe import unique


def test_lists_and_dicts():
    assert unique([[1], [1], {"a": 1}, {"a": 1}, 2]) == [[1], {"a": 1}, 2]


def test_plain():
    assert unique(["x", "x", "y"]) == ["x", "y"]
