from wordcount import count_words, top


def test_counts():
    assert count_words(["a b A", "b c"]) == {"a": 2, "b": 2, "c": 1}
    assert top(["x y x"]) == ["x", "y"]
