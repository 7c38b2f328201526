from banner import banner


def test_nothing_to_do():
    assert banner([]) in ("0 of 0 (100%)", "0 of 0 (0%)")


def test_half():
    assert banner([{"done": True}, {"done": False}]) == "1 of 2 (50%)"
