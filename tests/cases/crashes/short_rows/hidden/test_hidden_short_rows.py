from sensors import hottest, read_dump


def test_incomplete_line():
    assert read_dump("1;a;20.5\n2;b\n3;c;1") == {"a": 20.5, "c": 1.0}
    assert hottest("1;a;3\n2") == "a"
