from progress import Copier


def test_copy_reports():
    seen = []
    assert Copier(seen.append).copy([b"ab", b"c"]) == 3
    assert seen == [2, 3]
