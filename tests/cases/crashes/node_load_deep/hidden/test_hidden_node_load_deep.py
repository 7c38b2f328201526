from menus import flatten


def test_leaf_without_children():
    assert flatten({"title": "Home", "children": [{"title": "About"}, {"title": "Jobs"}]}) == ["Home", "About", "Jobs"]
    assert flatten({"title": "Home"}) == ["Home"]
