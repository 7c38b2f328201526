from progress import Copier


def test_without_callback():
    assert Copier().copy([b"ab", b"c"]) == 3


def test_with_callback():
    seen = []
    Copier(seen.append).copy([b"ab", b"c"])
    assert seen == [2, 3]
