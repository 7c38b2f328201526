from formatter import Formatter


def test_duration():
    assert Formatter().duration(12.345) == "12.3 ms"
    assert Formatter("s").duration(1) == "1 s"
