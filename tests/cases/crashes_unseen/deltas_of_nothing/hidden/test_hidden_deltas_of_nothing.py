from meters.deltas import deltas, usage


def test_no_reading():
    assert list(deltas([])) == []
    assert usage(iter(())) == 0


def test_zero_and_negative_first_reading():
    assert list(deltas([0, 4])) == [4]
    assert list(deltas(iter([-2, 4]))) == [6]
