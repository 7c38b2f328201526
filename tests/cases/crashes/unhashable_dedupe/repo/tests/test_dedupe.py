from dedupe import unique, unique_tags


def test_unique_keeps_order():
    assert unique([3, 1, 3, 2]) == [3, 1, 2]


def test_unique_tags():
    assert unique_tags([{"tags": ["a", "b"]}, {}, {"tags": ["a"]}]) == ["a", "b"]
