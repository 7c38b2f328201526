from banner import banner, progress


def test_progress():
    assert progress(3, 4) == "3 of 4 (75%)"


def test_banner():
    assert banner([{"done": True}, {"done": False}]) == "1 of 2 (50%)"
