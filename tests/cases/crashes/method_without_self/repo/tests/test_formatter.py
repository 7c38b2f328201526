from formatter import Formatter


def test_label():
    assert Formatter().label("a_b") == "a b"
