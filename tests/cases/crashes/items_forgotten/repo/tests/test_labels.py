from labels import matches, to_selector


def test_no_labels():
    assert to_selector({}) == ""


def test_matches():
    assert matches({"a": "1", "b": "2"}, {"a": "1"})
