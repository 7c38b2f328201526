from meters.deltas import deltas, usage


def test_deltas():
    assert list(deltas([3, 5, 9])) == [2, 4]
    assert list(deltas([3])) == []


def test_usage():
    assert usage([3, 5, 9]) == 6
