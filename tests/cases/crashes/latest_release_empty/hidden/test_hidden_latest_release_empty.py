from releases import is_newer, latest


def test_no_release():
    assert latest([]) is None


def test_anything_is_newer_than_nothing():
    assert is_newer("v0.0.1", []) is True
    assert is_newer("v0.0.1", ["v0.0.2"]) is False
