from menus import flatten, titles_of

MENU = {"title": "Home", "children": [{"title": "News", "children": []}]}


def test_flatten():
    assert flatten(MENU) == ["Home", "News"]


def test_titles_of():
    assert titles_of([MENU, MENU]) == ["Home", "News", "Home", "News"]
