from sensors import hottest, read_dump


def test_read_dump():
    assert read_dump("1;a;20.5\n2;b;21\n") == {"a": 20.5, "b": 21.0}


def test_hottest():
    assert hottest("") is None
