from flatten import flatten


def test_nothing_to_flatten():
    assert flatten({}) == {}
